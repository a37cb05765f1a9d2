import type { Json } from '@tweet-pipes/kit/json';
import type { State, StateGraph } from '../definition/definition.ts';
import { StateError, Stopped } from '../errors.ts';
import { runChoiceState } from './choice.ts';
import { runFailState } from './fail.ts';
import { leave } from './leave.ts';
import { runMapState } from './map.ts';
import { runParallelState } from './parallel.ts';
import { runTaskState } from './task.ts';
import type { Left, Thread } from './thread.ts';
import { Visit } from './visit.ts';
import { runWaitState } from './wait.ts';

/** Map and Parallel take it as an argument, since their graphs are run by the function that runs them. */
export type RunGraph = typeof runGraph;

/**
 * Runs a graph from its first state to its end and returns the last output. Throws `StateError`, or `Stopped` once the
 * thread's signal aborts.
 */
export async function runGraph(thread: Thread, graph: StateGraph, input: Json): Promise<Json> {
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
    const left: Left = await runState(thread, state, payload);
    payload = left.output;
    name = left.next;
  }
  return payload;
}

async function runState(thread: Thread, state: State, input: Json): Promise<Left> {
  switch (state.type) {
    case 'Task':
      return guarded(new Visit(thread, state, input), runTaskState);
    case 'Pass':
      return guarded(new Visit(thread, state, input), (visit) => leave(visit, visit.state.exit, {}, input));
    case 'Choice':
      return guarded(new Visit(thread, state, input), runChoiceState);
    case 'Wait':
      return guarded(new Visit(thread, state, input), runWaitState);
    case 'Succeed': {
      const exit = { assign: [], output: state.output, next: undefined };
      return guarded(new Visit(thread, state, input), (visit) => leave(visit, exit, {}, input));
    }
    case 'Fail':
      return guarded(new Visit(thread, state, input), runFailState);
    case 'Map':
      return guarded(new Visit(thread, state, input), (visit) => runMapState(visit, runGraph));
    case 'Parallel':
      return guarded(new Visit(thread, state, input), (visit) => runParallelState(visit, runGraph));
  }
}

/** An expression that failed is recorded in the state that it belongs to, whatever happens to the error above. */
async function guarded<S extends State>(visit: Visit<S>, run: (visit: Visit<S>) => Promise<Left>): Promise<Left> {
  try {
    return await run(visit);
  } catch (error) {
    if (error instanceof StateError) visit.recordEvaluationFailure(error);
    throw error;
  }
}
