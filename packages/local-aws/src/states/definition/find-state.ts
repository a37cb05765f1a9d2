import type { State, StateGraph } from './definition.ts';

/** A state of a machine, wherever it is. */
export interface FoundState {
  readonly state: State;
  /** Whether it runs in the iterations of a Map. */
  readonly isInMap: boolean;
}

/** Finds a state by its name in a graph and in the graphs inside it. */
export function findState(graph: StateGraph, name: string, isInMap = false): FoundState | undefined {
  const state = graph.states.get(name);
  if (state !== undefined) return { state, isInMap };
  for (const outer of graph.states.values()) {
    const isMap = isInMap || outer.type === 'Map';
    for (const inner of innerGraphs(outer)) {
      const found = findState(inner, name, isMap);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The graphs inside a Map or Parallel state; none for other states. */
export function innerGraphs(state: State): readonly StateGraph[] {
  if (state.type === 'Map') return [state.processor];
  return state.type === 'Parallel' ? state.branches : [];
}
