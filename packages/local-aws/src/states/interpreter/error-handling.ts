import type { JsonObject } from '@tweet-pipes/kit/json';
import type { ErrorHandling, State } from '../definition/definition.ts';
import { StateError, Stopped } from '../errors.ts';
import { exitState } from './exit-state.ts';
import { matchesError, Retries } from './retry.ts';
import type { StateExecution } from './state-execution.ts';
import type { StateResult } from './thread.ts';

/**
 * Runs `attempt` until it succeeds, its retries are used up or the execution is stopped. After the last failure the
 * first matching catcher exits the state; without one the error is thrown. `onFailed` records the failure of the state
 * before a catcher acts.
 */
export async function withErrorHandling<S extends State & ErrorHandling>(
  stateExecution: StateExecution<S>,
  attempt: () => Promise<StateResult>,
  onFailed: () => void = () => {},
): Promise<StateResult> {
  const { run, signal } = stateExecution.thread;
  const retries = new Retries(stateExecution.state.retry, run.probe?.retriesMade);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      stateExecution.recordEvaluationFailure(error);
      const delayMs = retries.next(error.error, run.random);
      run.probe?.onError(error, retries.find(error.error), delayMs);
      if (delayMs !== undefined) {
        await run.clock.sleep(delayMs, signal);
        if (signal.aborted) throw new Stopped();
        stateExecution.retried();
        continue;
      }
      onFailed();
      const { catch: catchers } = stateExecution.state;
      const index = catchers.findIndex(({ errorEquals }) => matchesError(errorEquals, error.error));
      const catcher = catchers[index];
      if (catcher === undefined) throw error;
      run.probe?.onCatch(index);
      const errorOutput = toErrorOutput(error);
      return exitState(stateExecution, catcher.exit, { errorOutput }, errorOutput);
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
