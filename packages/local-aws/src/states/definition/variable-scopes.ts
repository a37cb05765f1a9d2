import type { Exit, State, StateGraph } from './definition.ts';
import type { Violations } from './violations.ts';

/**
 * Reports assignments that reuse the name of a variable of an outer scope. Map iterations and Parallel branches can
 * read outer variables, but neither assign nor shadow them. {@link
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html}
 */
export function checkScopes(
  graph: StateGraph,
  violations: Violations,
  place = '',
  outer: ReadonlySet<string> = new Set(),
): void {
  const own = new Set<string>();
  for (const state of graph.states.values()) {
    for (const { variable } of exits(state).flatMap((exit) => exit.assign)) {
      own.add(variable);
      if (outer.has(variable)) {
        violations.add(
          `${place}/States/${state.name}/Assign`,
          `The variable '${variable}' is already used in an outer scope`,
        );
      }
    }
  }
  const visible = new Set([...outer, ...own]);
  for (const state of graph.states.values()) {
    const at = `${place}/States/${state.name}`;
    if (state.type === 'Map') checkScopes(state.processor, violations, `${at}/ItemProcessor`, visible);
    if (state.type === 'Parallel') {
      for (const [index, branch] of state.branches.entries())
        checkScopes(branch, violations, `${at}/Branches[${index}]`, visible);
    }
  }
}

function exits(state: State): readonly Exit[] {
  switch (state.type) {
    case 'Succeed':
    case 'Fail':
      return [];
    case 'Choice':
      return [...state.choices.map((rule) => rule.exit), state.otherwise];
    case 'Pass':
    case 'Wait':
      return [state.exit];
    case 'Task':
    case 'Map':
    case 'Parallel':
      return [state.exit, ...state.catch.map((catcher) => catcher.exit)];
  }
}
