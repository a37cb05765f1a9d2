import { isSyntaxNode, type SyntaxNode } from './expression.ts';

/** Members of `$states` that exist in some fields only. */
export type StatesMember = 'result' | 'errorOutput';

const WHERE: Readonly<Record<StatesMember, string>> = {
  result: 'only Output and Assign of a Task, Map or Parallel state have a result',
  errorOutput: 'only Output and Assign of a Catch have an error',
};

/**
 * Uses of `$states.result` and `$states.errorOutput` in a field that has none; AWS refuses them when the definition is created.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html}
 */
export function findMisuse(ast: SyntaxNode, allowed: ReadonlySet<StatesMember>): string[] {
  const found = new Set<string>();
  walk(ast, (node) => {
    if (node.type !== 'path' || !Array.isArray(node.steps)) return;
    const [variable, name]: unknown[] = node.steps;
    if (!isSyntaxNode(variable) || variable.type !== 'variable' || variable.value !== 'states' || !isSyntaxNode(name))
      return;
    const member =
      name.type === 'name' && (name.value === 'result' || name.value === 'errorOutput') ? name.value : undefined;
    if (member !== undefined && !allowed.has(member))
      found.add(`$states.${member} cannot be used here: ${WHERE[member]}`);
  });
  return [...found];
}

function walk(value: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === 'object' && value !== null && !(value instanceof RegExp)) {
    if (isSyntaxNode(value)) visit(value);
    for (const member of Object.values(value)) walk(member, visit);
  }
}
