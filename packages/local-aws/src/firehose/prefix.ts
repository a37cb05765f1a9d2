import { DateTimeFormatter, type ZonedDateTime } from '@js-joda/core';
import type { Random } from '@tweet-pipes/kit/random';
import { AwsError } from '../gateway/aws-error.ts';

/** A part of a parsed prefix: text, or an expression that is evaluated per object. */
export type PrefixPart =
  | { kind: 'text'; text: string }
  | { kind: 'timestamp'; formatter: DateTimeFormatter }
  | { kind: 'random-string' }
  | { kind: 'error-output-type' };

/** Limit of an evaluated prefix, in characters. https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html */
export const evaluatedPrefixCharacters = 512;

/**
 * Parses a prefix with `!{timestamp:<Java DateTimeFormatter pattern>}`, `!{firehose:random-string}` and
 * `!{firehose:error-output-type}`. Throws InvalidArgumentException that names `member` for any other expression, and
 * for patterns that depend on a locale (`MMM`, `E`, `a`).
 */
export function parsePrefix(member: string, prefix: string): PrefixPart[] {
  const parts: PrefixPart[] = [];
  let rest = prefix;
  for (;;) {
    const start = rest.indexOf('!{');
    if (start !== 0 && rest !== '') parts.push({ kind: 'text', text: start < 0 ? rest : rest.slice(0, start) });
    if (start < 0) return parts;
    const end = rest.indexOf('}', start);
    if (end < 0) throw invalidArgument(member, `the expression ${rest.slice(start)} has no closing brace`);
    parts.push(parseExpression(member, rest.slice(start + 2, end)));
    rest = rest.slice(end + 1);
  }
}

/** Why an object is under the error prefix. */
export type ErrorType = 'processing-failed' | 'format-conversion-failed';

/**
 * The prefix of one object. Its timestamps are the same instant, its random strings differ. `errorType` is of objects
 * under the error prefix.
 */
export function evaluatePrefix(
  parts: readonly PrefixPart[],
  oldest: ZonedDateTime,
  random: Random,
  errorType?: ErrorType,
): string {
  return parts.map((part) => evaluatePart(part, oldest, random, errorType)).join('');
}

function evaluatePart(
  part: PrefixPart,
  oldest: ZonedDateTime,
  random: Random,
  errorType: ErrorType | undefined,
): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'timestamp':
      return oldest.format(part.formatter);
    case 'random-string':
      return random.uuid().slice(0, 11);
    case 'error-output-type':
      if (errorType === undefined) throw new Error('!{firehose:error-output-type} is only for the error prefix');
      return errorType;
  }
}

function parseExpression(member: string, expression: string): PrefixPart {
  const colon = expression.indexOf(':');
  const [namespace, value] = colon < 0 ? [expression, ''] : [expression.slice(0, colon), expression.slice(colon + 1)];
  if (namespace === 'timestamp') {
    if (value === '') throw invalidArgument(member, 'the expression !{timestamp:} has no pattern');
    try {
      return { kind: 'timestamp', formatter: DateTimeFormatter.ofPattern(value) };
    } catch (cause) {
      throw invalidArgument(
        member,
        `the pattern ${value} is not supported here: ${cause instanceof Error ? cause.message : cause}`,
      );
    }
  }
  if (namespace === 'firehose' && (value === 'random-string' || value === 'error-output-type')) return { kind: value };
  throw invalidArgument(
    member,
    `the expression !{${expression}} is not supported here. Supported: !{timestamp:<pattern>}, !{firehose:random-string} and !{firehose:error-output-type}`,
  );
}

function invalidArgument(member: string, problem: string): AwsError {
  return new AwsError('InvalidArgumentException', `${member}: ${problem}`);
}
