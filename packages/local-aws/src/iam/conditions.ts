import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { conditionOperatorNames, conditionOperators } from './condition-operators.ts';
import type { KeyLookup } from './key-lookup.ts';
import { malformedPolicy } from './malformed-policy.ts';

/** Whether a request fulfils a condition. */
export type Condition = (keys: KeyLookup) => boolean;

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/i;

/**
 * Compiles the element `Condition` of a statement: all of them must hold. Throws MalformedPolicyDocument for an
 * operator or a value that is none.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function compileConditions(element: Json, at: string, hasVariables: boolean): Condition[] {
  if (!isJsonObject(element)) throw malformedPolicy(at, 'a condition is an object of operators.');
  return Object.entries(element).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys)) throw malformedPolicy(`${at}.${operator}`, 'an operator has an object of condition keys.');
    return Object.entries(keys).map(([key, value]) => {
      const place = { at: `${at}.${operator}.${key}`, hasVariables };
      return compileCondition(operator, key.toLowerCase(), valuesOf(value, place.at), place);
    });
  });
}

/** The keys that the element `Condition` of a statement asks for, in lower case. */
export function conditionKeysOf(element: Json): string[] {
  const operators = isJsonObject(element) ? Object.values(element) : [];
  return operators.flatMap((keys) => (isJsonObject(keys) ? Object.keys(keys) : [])).map((key) => key.toLowerCase());
}

function compileCondition(
  operator: string,
  key: string,
  values: readonly string[],
  place: { at: string; hasVariables: boolean },
): Condition {
  const [, set, name = '', ifExists] = OPERATOR.exec(operator) ?? [];
  const quantifier = set?.toLowerCase();
  if (name.toLowerCase() === 'null' && quantifier === undefined && ifExists === undefined) {
    return isMissingCondition(key, values, place.at);
  }
  const found = conditionOperators.get(name.toLowerCase());
  if (found === undefined) {
    throw malformedPolicy(
      place.at,
      `"${operator}" is not a condition operator. There are ${conditionOperatorNames.join(', ')} and Null.`,
    );
  }
  const { isNegated } = found;
  const compares = values.map((value) => found.compile(value, place));
  const fits = (value: string, keys: KeyLookup): boolean =>
    isNegated
      ? compares.every((compare) => compare(value, keys) === false)
      : compares.some((compare) => compare(value, keys) === true);
  const whenMissing =
    ifExists !== undefined || quantifier === 'forallvalues' || (quantifier === undefined && isNegated);
  return (keys) => {
    const value = keys(key);
    if (value === undefined) return whenMissing;
    if (quantifier === undefined) return typeof value === 'string' && fits(value, keys);
    const all = typeof value === 'string' ? [value] : value;
    return quantifier === 'forallvalues' ? all.every((each) => fits(each, keys)) : all.some((each) => fits(each, keys));
  };
}

function isMissingCondition(key: string, values: readonly string[], at: string): Condition {
  const wanted = values.map((value) => {
    if (!/^(true|false)$/i.test(value)) throw malformedPolicy(at, `"${value}" is neither true nor false.`);
    return value.toLowerCase() === 'true';
  });
  return (keys) => wanted.includes(keys(key) === undefined);
}

function valuesOf(value: Json | undefined, at: string): string[] {
  return (Array.isArray(value) ? value : [value]).map((each) => {
    if (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean') return String(each);
    throw malformedPolicy(at, 'a value is a text, a number, or true or false.');
  });
}
