import type { WaitState } from '../definition/definition.ts';
import { Stopped } from '../errors.ts';
import { evaluationError } from '../jsonata/template.ts';
import { fromTimestamp } from '../timestamp.ts';
import { exitState } from './exit-state.ts';
import type { StateExecution } from './state-execution.ts';
import type { StateResult } from './thread.ts';

/**
 * Waits for seconds or until a timestamp; one in the past does not wait. {@link
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html}
 */
export async function runWaitState(stateExecution: StateExecution<WaitState>): Promise<StateResult> {
  const { run, signal } = stateExecution.thread;
  const waitMs = (await endMs(stateExecution)) - run.clock.now();
  if (waitMs > 0) await run.clock.sleep(waitMs, signal);
  if (signal.aborted) throw new Stopped();
  return exitState(stateExecution, stateExecution.state.exit, {}, stateExecution.input);
}

async function endMs(stateExecution: StateExecution<WaitState>): Promise<number> {
  const { until } = stateExecution.state;
  const evaluator = stateExecution.evaluator();
  if (until.kind === 'Seconds') {
    const startMs = stateExecution.thread.run.clock.now();
    return startMs + (await stateExecution.integer(until.value, 'Seconds', evaluator)) * 1000;
  }
  const text = await stateExecution.text(until.value, 'Timestamp', evaluator);
  const ms = fromTimestamp(text);
  if (ms !== undefined) return ms;
  const problem = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
  throw evaluationError(evaluator, 'Timestamp', problem, false);
}
