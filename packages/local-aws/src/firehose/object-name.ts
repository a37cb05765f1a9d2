import { DateTimeFormatter, Instant, ZonedDateTime, ZoneId } from '@js-joda/core';
import type { Random } from '@tweet-pipes/kit/random';
import { AwsError } from '../gateway/aws-error.ts';
import { type ErrorType, evaluatedPrefixCharacters, evaluatePrefix, type PrefixPart, parsePrefix } from './prefix.ts';

const suffixTime = DateTimeFormatter.ofPattern('yyyy-MM-dd-HH-mm-ss');
const member = 'ExtendedS3DestinationConfiguration';

/** How a delivery stream names its objects. */
export interface ObjectNaming {
  /** Ends in a timestamp if the configured prefix has none. */
  prefix: readonly PrefixPart[];
  /** Of records that cannot be processed. Ends in the kind of error and a timestamp if the configured one has none. */
  errorPrefix: readonly PrefixPart[];
  zone: ZoneId;
  /** Of the delivery stream: counts its updates, from 1. */
  version: number;
  /** `.gz`, or empty. */
  extension: string;
  /** Of objects under the error prefix. */
  errorExtension: string;
}

/**
 * Validates and parses the prefixes. Throws InvalidArgumentException that names the member.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export async function objectNaming(options: {
  prefix: string | undefined;
  errorOutputPrefix: string | undefined;
  customTimeZone: string | undefined;
  extension: string;
  /** Default: `extension`. */
  errorExtension?: string;
}): Promise<ObjectNaming> {
  const prefix = parsePrefix(`${member}.Prefix`, options.prefix ?? '');
  const errorPrefix = parsePrefix(`${member}.ErrorOutputPrefix`, options.errorOutputPrefix ?? '');
  const isExpression = (part: PrefixPart) => part.kind !== 'text';
  const isErrorType = (part: PrefixPart) => part.kind === 'error-output-type';
  if (prefix.some(isErrorType)) {
    throw invalidArgument('Prefix', 'it must not contain !{firehose:error-output-type}');
  }
  if (prefix.some(isExpression) && options.errorOutputPrefix === undefined) {
    throw invalidArgument('ErrorOutputPrefix', 'it must be given when Prefix contains expressions');
  }
  if (
    [...prefix, ...errorPrefix].some(isExpression) &&
    options.errorOutputPrefix !== undefined &&
    !errorPrefix.some(isErrorType)
  ) {
    throw invalidArgument('ErrorOutputPrefix', 'it must contain !{firehose:error-output-type}');
  }
  const withTime = prefix.some((part) => part.kind === 'timestamp')
    ? prefix
    : [...prefix, ...parsePrefix('Prefix', '!{timestamp:yyyy/MM/dd/HH/}')];
  const givenErrorPrefix = options.errorOutputPrefix ?? options.prefix ?? '';
  const withErrorType = errorPrefix.some(isExpression)
    ? errorPrefix
    : parsePrefix('ErrorOutputPrefix', `${givenErrorPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}`);
  return {
    prefix: withTime,
    errorPrefix: withErrorType,
    zone: await timeZone(options.customTimeZone ?? 'UTC'),
    version: 1,
    extension: options.extension,
    errorExtension: options.errorExtension ?? options.extension,
  };
}

/**
 * The key of one object, under the error prefix if `errorType` is given: evaluated prefix, then
 * `<stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><extension>`. All times are the arrival of the oldest record in it.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 * Throws InvalidArgumentException when the evaluated prefix is longer than 512 characters.
 */
export function objectKey(
  naming: ObjectNaming,
  streamName: string,
  oldestArrivalMs: number,
  random: Random,
  errorType?: ErrorType,
): string {
  const oldest = ZonedDateTime.ofInstant(Instant.ofEpochMilli(oldestArrivalMs), naming.zone);
  const parts = errorType === undefined ? naming.prefix : naming.errorPrefix;
  const prefix = evaluatePrefix(parts, oldest, random, errorType);
  if (prefix.length > evaluatedPrefixCharacters) {
    throw invalidArgument(
      errorType === undefined ? 'Prefix' : 'ErrorOutputPrefix',
      `it has ${prefix.length} characters after evaluation, at most ${evaluatedPrefixCharacters} are allowed`,
    );
  }
  const extension = errorType === undefined ? naming.extension : naming.errorExtension;
  return `${prefix}${streamName}-${naming.version}-${oldest.format(suffixTime)}-${random.uuid()}${extension}`;
}

/**
 * Evaluates the prefixes once at creation, so that an invalid one does not fail at the first object. Throws
 * InvalidArgumentException.
 */
export function checkNaming(naming: ObjectNaming, streamName: string, nowMs: number, random: Random): void {
  try {
    objectKey(naming, streamName, nowMs, random);
    objectKey(naming, streamName, nowMs, random, 'processing-failed');
  } catch (error) {
    throw error instanceof AwsError
      ? error
      : invalidArgument('Prefix', `it cannot be evaluated: ${error instanceof Error ? error.message : error}`);
  }
}

/** The time zone database needs 45 MB of memory, so it is loaded only for zones other than UTC. */
async function timeZone(name: string): Promise<ZoneId> {
  if (name === 'UTC') return ZoneId.UTC;
  await import('@js-joda/timezone');
  try {
    return ZoneId.of(name);
  } catch {
    throw invalidArgument('CustomTimeZone', `${name} is not a time zone`);
  }
}

function invalidArgument(property: string, problem: string): AwsError {
  return new AwsError('InvalidArgumentException', `${member}.${property}: ${problem}`);
}
