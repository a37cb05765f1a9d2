import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { arnMatcher } from './arn-pattern.ts';
import { malformedPolicy } from './malformed-policy.ts';
import { type TextMatcher, textMatcher, tokensOf } from './text-pattern.ts';

/** Where a value of a condition is, and how its text is read. */
export interface ValuePlace {
  /** `Statement[0].Condition.StringLike.s3:prefix` */
  readonly at: string;
  readonly hasVariables: boolean;
}

/** Compiles one value of the policy. Throws MalformedPolicyDocument for one that the operator cannot use. */
type Compile = (value: string, place: ValuePlace) => TextMatcher;

/** A condition operator without its prefix and suffix. */
export interface ConditionOperator {
  /** `StringNotEquals`: the condition holds when no value fits, and when the request lacks the key. */
  readonly isNegated: boolean;
  readonly compile: Compile;
}

const text =
  (hasWildcards: boolean, ignoreCase = false): Compile =>
  (value, { hasVariables }) =>
    textMatcher(tokensOf(value, { hasWildcards, hasVariables }), { ignoreCase });

const arn: Compile = (value, { hasVariables }) => arnMatcher(value, { hasVariables });

/** Compares numbers. What the request has is a text; one that is no number fits nothing. */
function compared(
  read: (text: string) => number,
  what: string,
  holds: (actual: number, wanted: number) => boolean,
): Compile {
  return (value, { at }) => {
    const wanted = read(value);
    if (Number.isNaN(wanted)) throw malformedPolicy(at, `"${value}" is not ${what}.`);
    return (actualText) => {
      const actual = read(actualText);
      return Number.isNaN(actual) ? undefined : holds(actual, wanted);
    };
  };
}

const comparisons: readonly [suffix: string, holds: (actual: number, wanted: number) => boolean][] = [
  ['Equals', (actual, wanted) => actual === wanted],
  ['LessThan', (actual, wanted) => actual < wanted],
  ['LessThanEquals', (actual, wanted) => actual <= wanted],
  ['GreaterThan', (actual, wanted) => actual > wanted],
  ['GreaterThanEquals', (actual, wanted) => actual >= wanted],
];

function readNumber(value: string): number {
  return value.trim() === '' ? Number.NaN : Number(value);
}

/** Milliseconds since 1970, from ISO 8601 or seconds since 1970. */
function readDateMs(value: string): number {
  return /^\d+$/.test(value) && value.length > 4 ? Number(value) * 1000 : Date.parse(value);
}

const bool: Compile = (value, { at }) => {
  const wanted = value.toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') throw malformedPolicy(at, `"${value}" is neither true nor false.`);
  return (actual) => actual.toLowerCase() === wanted;
};

const binary: Compile = (value) => {
  const wanted = Buffer.from(value, 'base64');
  return (actual) => Buffer.from(actual, 'base64').equals(wanted);
};

const ipAddress: Compile = (value, { at }) => {
  const [address = '', prefix] = value.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  const most = family === 'ipv4' ? 32 : 128;
  const length = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (family === undefined || !(length <= most)) throw malformedPolicy(at, `"${value}" is not an address or CIDR.`);
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return (actual) => {
    if (isIPv4(actual)) return family === 'ipv4' && range.check(actual, 'ipv4');
    return isIPv6(actual) ? family === 'ipv6' && range.check(actual, 'ipv6') : undefined;
  };
};

const positive: readonly [name: string, compile: Compile][] = [
  ['StringEquals', text(false)],
  ['StringEqualsIgnoreCase', text(false, true)],
  ['StringLike', text(true)],
  ['ArnEquals', arn],
  ['ArnLike', arn],
  ['Bool', bool],
  ['BinaryEquals', binary],
  ['IpAddress', ipAddress],
  ...comparisons.map(([suffix, holds]): [string, Compile] => [
    `Numeric${suffix}`,
    compared(readNumber, 'a number', holds),
  ]),
  ...comparisons.map(([suffix, holds]): [string, Compile] => [
    `Date${suffix}`,
    compared(readDateMs, 'a date in ISO 8601 or seconds since 1970', holds),
  ]),
];

/** Operators that are the opposite of another one. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

const compilers = new Map(positive);

/**
 * The condition operators by their names in lower case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const conditionOperators: ReadonlyMap<string, ConditionOperator> = new Map([
  ...positive.map(([name, compile]): [string, ConditionOperator] => [
    name.toLowerCase(),
    { isNegated: false, compile },
  ]),
  ...Object.entries(NEGATED).flatMap(([name, of]): [string, ConditionOperator][] => {
    const compile = compilers.get(of);
    return compile === undefined ? [] : [[name.toLowerCase(), { isNegated: true, compile }]];
  }),
]);

/** The operators' names as AWS writes them, without `Null`. */
export const conditionOperatorNames: readonly string[] = [...compilers.keys(), ...Object.keys(NEGATED)];
