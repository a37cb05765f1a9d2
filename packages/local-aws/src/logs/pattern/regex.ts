import { RE2JS } from 're2js';
import { invalidParameter } from '../errors.ts';

/**
 * What a regular expression of a filter pattern may hold.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
 */
const SUPPORTED = /^(?:[A-Za-z0-9:_#=@/;,\-^$?[\]{}|*+.]|\\[A-Za-z^$?[\]{}|\\*+.%"-])+$/;

/**
 * Compiles the text between two `%`. It may match anywhere in a text, in linear time. Throws InvalidParameterException
 * for what AWS refuses, such as parentheses.
 */
export function compileRegex(source: string): (text: string) => boolean {
  if (!SUPPORTED.test(source)) {
    throw invalidParameter(
      `Invalid filter pattern: the regular expression %${source}% is empty or holds a character that is not supported.`,
    );
  }
  try {
    const compiled = RE2JS.compile(source.replaceAll('\\%', '%').replaceAll('\\"', '"'));
    return (text) => compiled.matcher(text).find();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw invalidParameter(`Invalid filter pattern: %${source}%: ${cause.message}`);
  }
}
