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

/** A compiled pattern: all `fields` must match, and at least one branch of every `$or`. */
export interface Pattern {
  readonly fields: readonly Field[];
  readonly alternatives: readonly (readonly Pattern[])[];
}

/** A named field: either a nested pattern or the list of its leaf's matchers with the path from the root. */
export interface Field {
  readonly name: string;
  readonly node: { readonly nested: Pattern } | { readonly leaf: readonly Matcher[]; readonly path: readonly string[] };
}

/** An invalid filter pattern. The service answers a ValidationException with its message. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}

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
  return compileObject(json, [], true);
}

function compileObject(json: JsonObject, path: readonly string[], mayBeEmpty = false): Pattern {
  const fields: Field[] = [];
  const alternatives: Pattern[][] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name === '$or') alternatives.push(compileOr(value, path));
    else fields.push({ name, node: compileNode(value, [...path, name]) });
  }
  if (fields.length === 0 && alternatives.length === 0 && !mayBeEmpty) throw invalidAt(path, 'is an empty object');
  return { fields, alternatives };
}

function compileOr(value: Json | undefined, path: readonly string[]): Pattern[] {
  const here = [...path, '$or'];
  if (!Array.isArray(value) || value.length < 2) throw invalidAt(here, 'must be a list of at least two objects');
  return value.map((branch) => {
    if (!isJsonObject(branch)) throw invalidAt(here, 'must be a list of objects');
    return compileObject(branch, path);
  });
}

function compileNode(value: Json | undefined, path: readonly string[]): Field['node'] {
  if (isJsonObject(value)) return { nested: compileObject(value, path) };
  if (!Array.isArray(value)) throw invalidAt(path, 'must be an object or a list');
  if (value.length === 0) throw invalidAt(path, 'is an empty list');
  return { leaf: value.map((item) => compileMatcher(item, path)), path };
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
