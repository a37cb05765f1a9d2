import type { WaitState } from '../definition/definition.ts';
import { Stopped } from '../errors.ts';
import { evaluationError } from '../jsonata/template.ts';
import { fromTimestamp } from '../timestamp.ts';
import { leave } from './leave.ts';
import type { Left } from './thread.ts';
import type { Visit } from './visit.ts';

/** A time in the past is no wait. {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html} */
export async function runWaitState(visit: Visit<WaitState>): Promise<Left> {
  const { run, signal } = visit.thread;
  const waitMs = (await endMs(visit)) - run.clock.now();
  if (waitMs > 0) await run.clock.sleep(waitMs, signal);
  if (signal.aborted) throw new Stopped();
  return leave(visit, visit.state.exit, {}, visit.input);
}

async function endMs(visit: Visit<WaitState>): Promise<number> {
  const { until } = visit.state;
  const evaluator = visit.evaluator();
  if (until.kind === 'Seconds') {
    const startMs = visit.thread.run.clock.now();
    return startMs + (await visit.integer(until.value, 'Seconds', evaluator)) * 1000;
  }
  const text = await visit.text(until.value, 'Timestamp', evaluator);
  const ms = fromTimestamp(text);
  if (ms !== undefined) return ms;
  const problem = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
  throw evaluationError(evaluator, 'Timestamp', problem, false);
}
