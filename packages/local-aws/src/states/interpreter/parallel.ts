import { setMaxListeners } from 'node:events';
import type { Json } from '@tweet-pipes/kit/json';
import type { ParallelState, StateGraph } from '../definition/definition.ts';
import { dataLimitExceeded, Stopped } from '../errors.ts';
import { evaluateTemplate } from '../jsonata/template.ts';
import { jsonBytes, PAYLOAD_BYTES } from '../payload-size.ts';
import { withErrorHandling } from './error-handling.ts';
import { exitState } from './exit-state.ts';
import type { StateExecution } from './state-execution.ts';
import type { RunGraph, StateResult, Thread } from './thread.ts';
import { VariableScope } from './variables.ts';

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html} */
export function runParallelState(
  stateExecution: StateExecution<ParallelState>,
  runGraph: RunGraph,
): Promise<StateResult> {
  return withErrorHandling(
    stateExecution,
    async () => {
      const { state } = stateExecution;
      const input =
        state.arguments === undefined
          ? stateExecution.input
          : await evaluateTemplate(state.arguments, stateExecution.evaluator());
      if (jsonBytes(input) > PAYLOAD_BYTES) throw dataLimitExceeded(state.name);
      stateExecution.record('ParallelStateStarted');
      const { probe } = stateExecution.thread.run;
      const result = probe ? probe.innerResult() : await runBranches(stateExecution, input, runGraph);
      if (jsonBytes(result) > PAYLOAD_BYTES) throw dataLimitExceeded(state.name);
      stateExecution.recordAside('ParallelStateSucceeded');
      return exitState(stateExecution, state.exit, { result }, result);
    },
    () => stateExecution.record('ParallelStateFailed'),
  );
}

/** Runs all branches at once. The first failure stops the others. Returns when every branch has ended. */
async function runBranches(
  stateExecution: StateExecution<ParallelState>,
  input: Json,
  runGraph: RunGraph,
): Promise<Json[]> {
  const { thread } = stateExecution;
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
  const results = await Promise.all(stateExecution.state.branches.map(run));
  thread.signal.removeEventListener('abort', stop);
  if (thread.signal.aborted) throw new Stopped();
  thread.lastEventId = failure?.lastEventId ?? lastEventId;
  if (failure !== undefined) throw failure.error;
  return results;
}
