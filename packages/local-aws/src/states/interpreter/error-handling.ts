import type { JsonObject } from '@tweet-pipes/kit/json';
import type { ErrorHandling, State } from '../definition/definition.ts';
import { StateError, Stopped } from '../errors.ts';
import { leave } from './leave.ts';
import { matchesError, Retries } from './retry.ts';
import type { Left } from './thread.ts';
import type { Visit } from './visit.ts';

/**
 * Runs `attempt` until it succeeds, its retries are used up or the execution is stopped; then the first catcher that
 * matches leaves the state. `onFailed` records that the state as a whole failed, before a catcher acts.
 */
export async function withErrorHandling<S extends State & ErrorHandling>(
  visit: Visit<S>,
  attempt: () => Promise<Left>,
  onFailed: () => void = () => {},
): Promise<Left> {
  const { run, signal } = visit.thread;
  const retries = new Retries(visit.state.retry);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      visit.recordEvaluationFailure(error);
      const delayMs = retries.next(error.error, run.random);
      if (delayMs !== undefined) {
        await run.clock.sleep(delayMs, signal);
        if (signal.aborted) throw new Stopped();
        visit.retried();
        continue;
      }
      onFailed();
      const catcher = visit.state.catch.find(({ errorEquals }) => matchesError(errorEquals, error.error));
      if (catcher === undefined) throw error;
      const errorOutput = toErrorOutput(error);
      return leave(visit, catcher.exit, { errorOutput }, errorOutput);
    }
  }
}

/** `$states.errorOutput`. */
function toErrorOutput(error: StateError): JsonObject {
  return {
    ...(error.error === undefined ? {} : { Error: error.error }),
    ...(error.causeText === undefined ? {} : { Cause: error.causeText }),
  };
}
