import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';

/** One alternative of a field's list. */
export type Matcher =
  | { readonly is: 'exact'; readonly value: string | number | boolean | null }
  | { readonly is: 'anything-but'; readonly values: readonly (string | number)[] }
  | { readonly is: 'prefix'; readonly prefix: string; readonly ignoreCase: boolean }
  | { readonly is: 'suffix'; readonly suffix: string }
  | { readonly is: 'equals-ignore-case'; readonly folded: string }
  | { readonly is: 'exists'; readonly exists: boolean }
  | { readonly is: 'numeric'; readonly tests: readonly NumericTest[] };

export interface NumericTest {
  readonly operator: '<' | '<=' | '=' | '>' | '>=';
  readonly than: number;
}

/**
 * A compiled pattern: one of the alternatives must match. A pattern without `$or` has one alternative, a pattern with
 * `$or` has one for each combination of branches, as the open-source engine of EventBridge compiles it.
 */
export interface Pattern {
  readonly alternatives: readonly (readonly Field[])[];
}

/**
 * A named field, which must match with everything below it. Names are the parts between dots: `{"a.b": [1]}` compiles
 * to the same fields as `{"a": {"b": [1]}}`.
 */
export interface Field {
  readonly name: string;
  /** The names from the root to this field. */
  readonly path: readonly string[];
  /** The list of a leaf, of which one must match. Empty where the pattern has no list. */
  readonly matchers: readonly Matcher[];
  readonly members: readonly Field[];
}

/** An invalid filter pattern. The service answers a ValidationException with its message. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}

/** Bounds the work of compiling and matching a pattern. EventBridge refuses more than 1,000 too (recalled). */
const MAX_COMBINATIONS = 1000;

const operators = new Set<unknown>(['<', '<=', '=', '>', '>=']);

/**
 * Compiles the JSON text of one filter pattern (an object; `{}` matches everything). Throws {@link InvalidPattern} for
 * an invalid pattern and for operators that Pipes does not support
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html, column "Pipe support"):
 * `wildcard`, `cidr`, and `anything-but` or `suffix` around another operator.
 */
export function compilePattern(text: string): Pattern {
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InvalidPattern('is not JSON');
  }
  if (!isJsonObject(json)) throw new InvalidPattern('must be a JSON object');
  const combinations = compileObject(json, [], true);
  return { alternatives: combinations.map((leaves) => fieldsOf(leaves, [])) };
}

/** A field's list with the names that lead to it. */
interface LeafField {
  readonly path: readonly string[];
  readonly matchers: readonly Matcher[];
}

/** Fields that must match together. */
type Combination = readonly LeafField[];

function compileObject(json: JsonObject, path: readonly string[], mayBeEmpty = false): Combination[] {
  const entries = Object.entries(json);
  if (entries.length === 0 && !mayBeEmpty) throw invalidAt(path, 'is an empty object');
  let combinations: Combination[] = [[]];
  for (const [name, value] of entries) {
    const found = name === '$or' ? compileOr(value, path) : compileField(value, [...path, ...name.split('.')]);
    if (combinations.length * found.length > MAX_COMBINATIONS) throw tooManyCombinations(path);
    combinations = combinations.flatMap((left) => found.map((right) => [...left, ...right]));
  }
  return combinations;
}

function compileOr(value: Json | undefined, path: readonly string[]): Combination[] {
  const here = [...path, '$or'];
  if (!Array.isArray(value) || value.length < 2) throw invalidAt(here, 'must be a list of at least two objects');
  const combinations = value.flatMap((branch) => {
    if (!isJsonObject(branch)) throw invalidAt(here, 'must be a list of objects');
    return compileObject(branch, path);
  });
  if (combinations.length > MAX_COMBINATIONS) throw tooManyCombinations(path);
  return combinations;
}

function compileField(value: Json | undefined, path: readonly string[]): Combination[] {
  if (isJsonObject(value)) return compileObject(value, path);
  if (!Array.isArray(value)) throw invalidAt(path, 'must be an object or a list');
  if (value.length === 0) throw invalidAt(path, 'is an empty list');
  return [[{ path, matchers: value.map((item) => compileMatcher(item, path)) }]];
}

/** The fields directly below `path`, each with those below it. */
function fieldsOf(leaves: Combination, path: readonly string[]): Field[] {
  const groups = new Map<string, LeafField[]>();
  for (const leaf of leaves) {
    const name = leaf.path[path.length] ?? '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [leaf]);
    else group.push(leaf);
  }
  return [...groups].map(([name, group]) => {
    const here = [...path, name];
    const [own, second] = group.filter((leaf) => leaf.path.length === here.length);
    if (second !== undefined) throw invalidAt(here, 'is named twice');
    const below = group.filter((leaf) => leaf.path.length > here.length);
    return { name, path: here, matchers: own?.matchers ?? [], members: fieldsOf(below, here) };
  });
}

function compileMatcher(item: Json, path: readonly string[]): Matcher {
  if (Array.isArray(item)) throw invalidAt(path, 'has a list inside its list');
  if (!isJsonObject(item)) return { is: 'exact', value: item };
  const entries = Object.entries(item);
  const [operator, operand] = entries[0] ?? [];
  if (operator === undefined || entries.length !== 1)
    throw invalidAt(path, 'needs exactly one operator in each of its objects');
  switch (operator) {
    case 'anything-but':
      return { is: 'anything-but', values: excludedValues(operand, path) };
    case 'prefix':
      return compilePrefix(operand, path);
    case 'suffix':
      if (isJsonObject(operand))
        throw invalidAt(path, 'uses "suffix" around another operator, which Pipes does not support');
      return { is: 'suffix', suffix: stringOperand(operand, operator, path) };
    case 'equals-ignore-case':
      return { is: 'equals-ignore-case', folded: stringOperand(operand, operator, path).toLowerCase() };
    case 'exists':
      if (typeof operand !== 'boolean') throw invalidAt(path, 'needs true or false for "exists"');
      return { is: 'exists', exists: operand };
    case 'numeric':
      return { is: 'numeric', tests: compileNumeric(operand, path) };
    default:
      throw invalidAt(path, `uses the operator "${operator}", which Pipes does not support`);
  }
}

function excludedValues(operand: Json | undefined, path: readonly string[]): (string | number)[] {
  if (isJsonObject(operand))
    throw invalidAt(path, 'uses "anything-but" around another operator, which Pipes does not support');
  const values = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw invalidAt(path, 'has an empty "anything-but"');
  return values.map((value) => {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalidAt(path, 'needs strings or numbers for "anything-but"');
    return value;
  });
}

function compilePrefix(operand: Json | undefined, path: readonly string[]): Matcher {
  if (!isJsonObject(operand))
    return { is: 'prefix', prefix: stringOperand(operand, 'prefix', path), ignoreCase: false };
  const names = Object.keys(operand);
  if (names.length !== 1 || names[0] !== 'equals-ignore-case') {
    throw invalidAt(path, 'may nest only "equals-ignore-case" in "prefix"');
  }
  return {
    is: 'prefix',
    prefix: stringOperand(operand['equals-ignore-case'], 'prefix', path).toLowerCase(),
    ignoreCase: true,
  };
}

function stringOperand(operand: Json | undefined, operator: string, path: readonly string[]): string {
  if (typeof operand !== 'string') throw invalidAt(path, `needs a string for "${operator}"`);
  return operand;
}

function compileNumeric(operand: Json | undefined, path: readonly string[]): NumericTest[] {
  const parts = Array.isArray(operand) ? operand : [];
  if (parts.length !== 2 && parts.length !== 4)
    throw invalidAt(path, 'needs one or two pairs of operator and number for "numeric"');
  const tests: NumericTest[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const operator = parts[i];
    const than = parts[i + 1];
    if (!isOperator(operator)) throw invalidAt(path, `has an unknown "numeric" operator ${JSON.stringify(operator)}`);
    if (typeof than !== 'number') throw invalidAt(path, 'needs a number after each "numeric" operator');
    tests.push({ operator, than });
  }
  const [lower, upper] = tests;
  if (lower !== undefined && upper !== undefined) {
    if (!lower.operator.startsWith('>') || !upper.operator.startsWith('<')) {
      throw invalidAt(path, 'needs ">" or ">=" first and "<" or "<=" second in a "numeric" range');
    }
    if (lower.than >= upper.than) throw invalidAt(path, 'has an empty "numeric" range');
  }
  return tests;
}

function isOperator(value: Json | undefined): value is NumericTest['operator'] {
  return operators.has(value);
}

function invalidAt(path: readonly string[], reason: string): InvalidPattern {
  return new InvalidPattern(`"${path.join('.')}" ${reason}`);
}

function tooManyCombinations(path: readonly string[]): InvalidPattern {
  const reason = `has more than ${MAX_COMBINATIONS} combinations of its "$or" branches`;
  return path.length === 0 ? new InvalidPattern(`the pattern ${reason}`) : invalidAt(path, reason);
}
