import type { State, StateGraph } from './definition.ts';
import type { Violations } from './violations.ts';

/**
 * Reports transitions to missing states, and unreachable states. `names` are all states of the graph, including those
 * that could not be read.
 */
export function checkTransitions(
  graph: StateGraph,
  names: ReadonlySet<string>,
  place: string,
  violations: Violations,
): void {
  const missing = (field: string, target: string, at: string) =>
    violations.add(at, `Missing '${field}' target: ${target}`, 'MISSING_TRANSITION_TARGET');
  if (graph.startAt !== '' && !names.has(graph.startAt)) missing('StartAt', graph.startAt, `${place}/StartAt`);
  const reached = new Set<string>();
  const waiting = [graph.startAt];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const state = graph.states.get(name);
    if (state !== undefined) waiting.push(...targets(state).map(({ target }) => target));
  }
  for (const state of graph.states.values()) {
    for (const { field, target, at } of targets(state)) {
      if (!names.has(target)) missing(field, target, `${place}/States/${state.name}/${at}`);
    }
  }
  // The transitions of a state that could not be read are unknown.
  if (graph.states.size < names.size) return;
  for (const name of names) {
    if (!reached.has(name))
      violations.add(`${place}/States/${name}`, `State "${name}" is not reachable.`, 'MISSING_TRANSITION_TARGET');
  }
}

interface Target {
  field: string;
  target: string;
  at: string;
}

function targets(state: State): Target[] {
  const found: Target[] = [];
  const add = (target: string | undefined, field: string, at: string = field) => {
    if (target !== undefined) found.push({ field, target, at });
  };
  if (state.type === 'Choice') {
    for (const [index, rule] of state.choices.entries()) add(rule.exit.next, 'Next', `Choices[${index}]/Next`);
    add(state.otherwise.next, 'Default');
  } else if (state.type !== 'Succeed' && state.type !== 'Fail') {
    add(state.exit.next, 'Next');
  }
  if ('catch' in state) {
    for (const [index, catcher] of state.catch.entries()) add(catcher.exit.next, 'Next', `Catch[${index}]/Next`);
  }
  return found;
}
