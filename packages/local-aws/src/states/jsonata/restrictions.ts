import { isSyntaxNode, type SyntaxNode } from './expression.ts';

/** Members of `$states` that exist only in some fields. */
export type StatesMember = 'result' | 'errorOutput';

/**
 * Violations that AWS reports in an expression when the definition is created, in its words as measured by
 * https://github.com/floci-io/floci/pull/2786: `$states.result` and `$states.errorOutput` in fields without them, and
 * reads from a context value at the top level, where none exists.
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
    if (member !== undefined && !allowed.has(member)) found.add(`Field '$states.${member}' does not exist.`);
  });
  for (const name of contextReads(ast))
    found.add(
      name === '$$'
        ? "Reference to '$$' is not supported."
        : `Reference to '${name}' at the top level is not supported.`,
    );
  return [...found];
}

/**
 * Reads from a context value where none exists: `$`, `$$`, field names and wildcards outside a path, predicate or
 * grouping. {@link https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html}
 */
function contextReads(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(contextReads);
  if (!isSyntaxNode(node)) return [];
  switch (node.type) {
    case 'name':
      return [String(node.value)];
    case 'variable':
      return node.value === '' ? ['$'] : node.value === '$' ? ['$$'] : [];
    case 'wildcard':
      return ['*'];
    case 'descendant':
      return ['**'];
    case 'path':
      // The context of each further step is the value of the step before.
      return Array.isArray(node.steps) ? contextReads(node.steps[0]) : [];
    case 'binary':
    case 'apply':
      return [...contextReads(node.lhs), ...contextReads(node.rhs)];
    case 'unary':
      return [...contextReads(node.expression), ...contextReads(node.expressions), ...contextReads(node.lhs)];
    case 'condition':
      return [...contextReads(node.condition), ...contextReads(node.then), ...contextReads(node.else)];
    case 'block':
      return contextReads(node.expressions);
    case 'bind':
      return contextReads(node.rhs);
    case 'function':
    case 'partial':
      return [...contextReads(node.procedure), ...contextReads(node.arguments)];
    case 'lambda':
      // The context of a function's body is the context of the function.
      return contextReads(node.body);
    default:
      return [];
  }
}

function walk(value: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === 'object' && value !== null) {
    if (isSyntaxNode(value)) visit(value);
    for (const member of Object.values(value)) walk(member, visit);
  }
}
