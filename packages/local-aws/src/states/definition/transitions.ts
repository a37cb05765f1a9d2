import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import type { State, StateGraph } from './definition.ts';
import type { Violations } from './violations.ts';

/**
 * Reports transitions to missing states, and unreachable states. `members` are all states of the graph by name,
 * including those that could not be read. Of the machine itself, not of a graph inside it, also reports that no state
 * ends it. The texts and their order were measured: https://github.com/floci-io/floci/pull/2786
 */
export function checkTransitions(
  graph: StateGraph,
  members: ReadonlyMap<string, Json | undefined>,
  place: string,
  violations: Violations,
): void {
  // AWS says 'Next' of every field that names a state.
  const missing = (target: string, at: string) =>
    violations.add(at, `Missing 'Next' target: ${target}`, 'MISSING_TRANSITION_TARGET');
  if (graph.startAt !== '' && !members.has(graph.startAt)) missing(graph.startAt, `${place}/StartAt`);
  for (const state of graph.states.values()) {
    for (const { target, at } of targets(state)) {
      if (!members.has(target)) missing(target, `${place}/States/${state.name}/${at}`);
    }
  }
  if (place === '' && members.size > 0 && ![...members.values()].some(isEnd)) {
    violations.addOverall('Workflow has no terminal state', 'MISSING_END_STATE');
    return;
  }
  // The transitions of a state that could not be read are unknown.
  if (graph.startAt === '' || graph.states.size < members.size) return;
  const reached = reachable(graph);
  for (const name of members.keys()) {
    if (!reached.has(name))
      violations.add(`${place}/States/${name}`, `State "${name}" is not reachable.`, 'MISSING_TRANSITION_TARGET');
  }
}

function isEnd(state: Json | undefined): boolean {
  return isJsonObject(state) && (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail');
}

function reachable(graph: StateGraph): Set<string> {
  const reached = new Set<string>();
  const waiting = [graph.startAt];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const state = graph.states.get(name);
    if (state !== undefined) waiting.push(...targets(state).map(({ target }) => target));
  }
  return reached;
}

interface Target {
  target: string;
  at: string;
}

function targets(state: State): Target[] {
  const found: Target[] = [];
  const add = (target: string | undefined, at: string) => {
    if (target !== undefined) found.push({ target, at });
  };
  if (state.type === 'Choice') {
    for (const [index, rule] of state.choices.entries()) add(rule.exit.next, `Choices[${index}]/Next`);
    add(state.otherwise.next, 'Default');
  } else if (state.type !== 'Succeed' && state.type !== 'Fail') {
    add(state.exit.next, 'Next');
  }
  if ('catch' in state) {
    for (const [index, catcher] of state.catch.entries()) add(catcher.exit.next, `Catch[${index}]/Next`);
  }
  return found;
}
