import { setMaxListeners } from 'node:events';
import type { Json } from '@tweet-pipes/kit/json';
import type { ParallelState, StateGraph } from '../definition/definition.ts';
import { dataLimitExceeded, Stopped } from '../errors.ts';
import { evaluateTemplate } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import { withErrorHandling } from './error-handling.ts';
import { leave } from './leave.ts';
import type { RunGraph } from './run-graph.ts';
import type { Left, Thread } from './thread.ts';
import { VariableScope } from './variables.ts';
import type { Visit } from './visit.ts';

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html} */
export function runParallelState(visit: Visit<ParallelState>, runGraph: RunGraph): Promise<Left> {
  return withErrorHandling(
    visit,
    async () => {
      const { state } = visit;
      const input =
        state.arguments === undefined ? visit.input : await evaluateTemplate(state.arguments, visit.evaluator());
      if (jsonBytes(input) > PAYLOAD_BYTES) throw dataLimitExceeded(state.name);
      visit.record('ParallelStateStarted');
      const result = await runBranches(visit, input, runGraph);
      if (jsonBytes(result) > PAYLOAD_BYTES) throw dataLimitExceeded(state.name);
      visit.recordAside('ParallelStateSucceeded');
      return leave(visit, state.exit, { result }, result);
    },
    () => visit.record('ParallelStateFailed'),
  );
}

/** All at once; the first failure stops the others, and the state goes on only when all have ended. */
async function runBranches(visit: Visit<ParallelState>, input: Json, runGraph: RunGraph): Promise<Json[]> {
  const { thread } = visit;
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const stop = () => controller.abort();
  if (thread.signal.aborted) stop();
  thread.signal.addEventListener('abort', stop, { once: true });
  let failure: { error: unknown; lastEventId: number } | undefined;
  let lastEventId = thread.lastEventId;
  const run = async (branch: StateGraph): Promise<Json> => {
    const scope = new VariableScope(thread.run.variables, thread.scope);
    const inner: Thread = {
      run: thread.run,
      signal: controller.signal,
      scope,
      map: thread.map,
      lastEventId: thread.lastEventId,
    };
    try {
      const output = await runGraph(inner, branch, input);
      lastEventId = inner.lastEventId;
      return output;
    } catch (error) {
      failure ??= { error, lastEventId: inner.lastEventId };
      controller.abort();
      return null;
    } finally {
      scope.end();
    }
  };
  const results = await Promise.all(visit.state.branches.map(run));
  thread.signal.removeEventListener('abort', stop);
  if (thread.signal.aborted) throw new Stopped();
  thread.lastEventId = failure?.lastEventId ?? lastEventId;
  if (failure !== undefined) throw failure.error;
  return results;
}
