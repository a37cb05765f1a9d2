import type { Json } from '@tweet-pipes/kit/json';
import type { State } from '../definition/definition.ts';
import { StateError, Stopped } from '../errors.ts';
import { runChoiceState } from './choice.ts';
import { exitState } from './exit-state.ts';
import { runFailState } from './fail.ts';
import { runMapState } from './map.ts';
import { runParallelState } from './parallel.ts';
import { StateExecution } from './state-execution.ts';
import { runTaskState } from './task.ts';
import type { RunGraph, StateResult, Thread } from './thread.ts';
import { runWaitState } from './wait.ts';

/** Runs one state after the other, see {@link RunGraph}. */
export const runGraph: RunGraph = async (thread, graph, input) => {
  let name: string | undefined = graph.startAt;
  let payload = input;
  while (name !== undefined) {
    if (thread.signal.aborted) throw new Stopped();
    const state = graph.states.get(name);
    if (state === undefined) throw new Error(`A checked definition has no state '${name}'.`);
    if (thread.run.pace !== undefined) {
      await thread.run.pace('state', thread.signal);
      if (thread.signal.aborted) throw new Stopped();
    }
    const { turns } = thread.run;
    while (turns?.isOver === true) {
      await turns.next();
      if (thread.signal.aborted) throw new Stopped();
    }
    const result: StateResult = await runState(thread, state, payload);
    payload = result.output;
    name = result.next;
  }
  return payload;
};

/** Runs one state with all its retries. Throws `StateError`, or `Stopped` once the thread's signal aborts. */
export async function runState(thread: Thread, state: State, input: Json): Promise<StateResult> {
  switch (state.type) {
    case 'Task':
      return recordingEvaluationFailure(new StateExecution(thread, state, input), runTaskState);
    case 'Pass':
      return recordingEvaluationFailure(new StateExecution(thread, state, input), (stateExecution) =>
        exitState(stateExecution, stateExecution.state.exit, {}, input),
      );
    case 'Choice':
      return recordingEvaluationFailure(new StateExecution(thread, state, input), runChoiceState);
    case 'Wait':
      return recordingEvaluationFailure(new StateExecution(thread, state, input), runWaitState);
    case 'Succeed': {
      const exit = { assign: [], output: state.output, next: undefined };
      return recordingEvaluationFailure(new StateExecution(thread, state, input), (stateExecution) =>
        exitState(stateExecution, exit, {}, input),
      );
    }
    case 'Fail':
      return recordingEvaluationFailure(new StateExecution(thread, state, input), runFailState);
    case 'Map':
      return recordingEvaluationFailure(new StateExecution(thread, state, input), (stateExecution) =>
        runMapState(stateExecution, runGraph),
      );
    case 'Parallel':
      return recordingEvaluationFailure(new StateExecution(thread, state, input), (stateExecution) =>
        runParallelState(stateExecution, runGraph),
      );
  }
}

/** Records a failed evaluation in the state that it belongs to, before the error reaches an enclosing state. */
async function recordingEvaluationFailure<S extends State>(
  stateExecution: StateExecution<S>,
  run: (stateExecution: StateExecution<S>) => Promise<StateResult>,
): Promise<StateResult> {
  try {
    return await run(stateExecution);
  } catch (error) {
    if (error instanceof StateError) stateExecution.recordEvaluationFailure(error);
    throw error;
  }
}
