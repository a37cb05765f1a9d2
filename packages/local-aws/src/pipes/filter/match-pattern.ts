import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Field, Matcher, NumericTest, Pattern } from './pattern.ts';

/**
 * Whether an event matches a pattern: fields are AND'ed, a field's list and `$or` are OR'ed, operators see leaves only.
 * Inside an array of objects all fields of a nested pattern must match in the same element, as the open-source engine
 * of EventBridge has it (array consistency).
 */
export function matchesPattern(pattern: Pattern, event: Json): boolean {
  return matchesObject(pattern, event, event);
}

function matchesObject(pattern: Pattern, value: Json | undefined, root: Json): boolean {
  if (Array.isArray(value) && value.length > 0) return value.some((element) => matchesObject(pattern, element, root));
  return (
    pattern.fields.every((field) => fieldMatches(field, memberOf(value, field.name), root)) &&
    pattern.alternatives.every((branches) => branches.some((branch) => matchesObject(branch, value, root)))
  );
}

function fieldMatches({ node }: Field, value: Json | undefined, root: Json): boolean {
  if ('nested' in node) return matchesObject(node.nested, value, root);
  return node.leaf.some((matcher) => {
    if (matcher.is === 'exists' && !matcher.exists) return !hasLeaf(root, node.path);
    return anyLeaf(value, (leaf) => leafMatches(matcher, leaf));
  });
}

type Leaf = string | number | boolean | null;

function leafMatches(matcher: Matcher, leaf: Leaf): boolean {
  switch (matcher.is) {
    case 'exact':
      return leaf === matcher.value;
    case 'anything-but':
      return !matcher.values.some((value) => value === leaf);
    case 'prefix':
      return typeof leaf === 'string' && (matcher.ignoreCase ? leaf.toLowerCase() : leaf).startsWith(matcher.prefix);
    case 'suffix':
      return typeof leaf === 'string' && leaf.endsWith(matcher.suffix);
    case 'equals-ignore-case':
      return typeof leaf === 'string' && leaf.toLowerCase() === matcher.folded;
    case 'exists':
      return matcher.exists;
    case 'numeric':
      return typeof leaf === 'number' && matcher.tests.every((test) => compares(test, leaf));
  }
}

function compares({ operator, than }: NumericTest, value: number): boolean {
  switch (operator) {
    case '<':
      return value < than;
    case '<=':
      return value <= than;
    case '=':
      return value === than;
    case '>=':
      return value >= than;
    case '>':
      return value > than;
  }
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Tests the leaf, or each scalar of an array. Objects are not leaves. */
function anyLeaf(value: Json | undefined, test: (leaf: Leaf) => boolean): boolean {
  if (Array.isArray(value)) return value.some((element) => anyLeaf(element, test));
  return value !== undefined && !isJsonObject(value) && test(value);
}

/** `exists` searches the whole event: a leaf at this path, in any element of any array along it. */
function hasLeaf(value: Json | undefined, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return anyLeaf(value, () => true);
  if (Array.isArray(value)) return value.some((element) => hasLeaf(element, path));
  return hasLeaf(memberOf(value, name), rest);
}
