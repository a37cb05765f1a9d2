import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Field, Matcher, NumericTest, Pattern } from './pattern.ts';

/**
 * Whether an event matches a pattern: fields are AND'ed, a field's list and `$or` are OR'ed, operators see leaves only.
 *
 * As in the open-source engine of EventBridge (https://github.com/aws/event-ruler), a field's name is its path joined
 * by dots: the key `a.b` and the member `b` of `a` are the same field, in patterns and in events. All fields of a
 * pattern inside one array of objects must match in the same element (array consistency).
 */
export function matchesPattern(pattern: Pattern, event: Json): boolean {
  return pattern.alternatives.some((fields) => matchesFields(fields, [event], event));
}

/**
 * `values` are all values of one joined name. There is more than one only where names with dots meet others. Where
 * several of them are arrays, every combination of their elements is tried.
 */
function matchesFields(fields: readonly Field[], values: readonly Json[], root: Json): boolean {
  if (fields.length === 0) return true;
  const array = values.find((value) => Array.isArray(value) && value.length > 0);
  if (Array.isArray(array)) {
    const others = values.filter((value) => value !== array);
    return array.some((element) => matchesFields(fields, [...others, element], root));
  }
  return fields.every((field) => fieldMatches(field, membersOf(values, field.name), root));
}

function fieldMatches(field: Field, values: readonly Json[], root: Json): boolean {
  return leafFieldMatches(field, values, root) && matchesFields(field.members, values, root);
}

function leafFieldMatches({ matchers, path }: Field, values: readonly Json[], root: Json): boolean {
  if (matchers.length === 0) return true;
  return matchers.some((matcher) => {
    if (matcher.is === 'exists' && !matcher.exists) return !hasLeaf([root], path);
    return anyLeaf(values, (leaf) => leafMatches(matcher, leaf));
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

const DOT = '.'.charCodeAt(0);

/**
 * All values of a member. A key with dots is a member by its first part: `{"a.b": 1}` has the member `a`, which is
 * `{"b": 1}`.
 */
function membersOf(values: readonly Json[], name: string): Json[] {
  const found: Json[] = [];
  for (const value of values) {
    if (!isJsonObject(value)) continue;
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    if (own !== undefined) found.push(own);
    for (const key of Object.keys(value)) {
      // The dot is looked for first, since it is seldom there: this loop is most of a filter's time.
      if (key.charCodeAt(name.length) !== DOT || !key.startsWith(name)) continue;
      const member = value[key];
      if (member !== undefined) found.push({ [key.slice(name.length + 1)]: member });
    }
  }
  return found;
}

/** Tests each scalar among the values and in their arrays. Objects are not leaves. */
function anyLeaf(values: readonly Json[], test: (leaf: Leaf) => boolean): boolean {
  return values.some((value) => (Array.isArray(value) ? anyLeaf(value, test) : !isJsonObject(value) && test(value)));
}

/** `exists` searches the whole event: a leaf at this path, in any element of any array along it. */
function hasLeaf(values: readonly Json[], path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return anyLeaf(values, () => true);
  return hasLeaf(membersOf(values.flatMap(elementsOf), name), rest);
}

/** The elements of an array at any depth, or the value itself. */
function elementsOf(value: Json): Json[] {
  return Array.isArray(value) ? value.flatMap(elementsOf) : [value];
}
