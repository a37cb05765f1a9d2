import { type Json, parseJson } from '@tweet-pipes/kit/json';
import { invalidParameter } from '../errors.ts';
import { takeJsonPattern } from './json-pattern.ts';
import { PatternText } from './pattern-text.ts';
import { compileRegex } from './regex.ts';
import { select, takeSelector } from './selector.ts';

/** Whether a message is one that a filter pattern describes. */
export interface MessageFilter {
  (message: string): boolean;
  /** Texts that each such message has, if it escapes no letter by `\u`. */
  readonly needs: readonly string[];
}

interface Term {
  readonly kind: 'included' | 'excluded' | 'optional';
  isIn(message: string): boolean;
}

/**
 * Compiles a filter pattern of metric filters and of FilterLogEvents: terms, or a condition on JSON. Throws
 * InvalidParameterException that says what was expected where. Patterns of fields between spaces (`[ip, user]`) are
 * refused. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileFilterPattern(pattern: string): MessageFilter {
  const text = new PatternText(pattern);
  text.skipSpace();
  if (text.take(/\{/y) !== undefined) return jsonFilter(text);
  if (text.take(/\[/y) !== undefined) {
    throw invalidParameter(
      'Invalid filter pattern: the local CloudWatch Logs does not support patterns of fields between spaces ([a, b]). ' +
        'Use terms, or a condition on JSON: { $.name = "value" }.',
    );
  }
  return termFilter(text);
}

/** The value that a selector such as `$.latency` finds first in a message. Throws as {@link compileFilterPattern}. */
export function compileSelector(selector: string): (message: string) => Json | undefined {
  const text = new PatternText(selector.trim());
  const parsed = takeSelector(text);
  if (!text.isAtEnd) text.fail('the end of the selector');
  return (message) => {
    const document = parseDocument(message);
    return document === undefined ? undefined : select(parsed, document)[0];
  };
}

function jsonFilter(text: PatternText): MessageFilter {
  const { holds, needs } = takeJsonPattern(text);
  const matches = (message: string): boolean => {
    // Most messages are told apart without being parsed.
    if (needs.some((need) => !message.includes(need)) && !message.includes('\\u')) return false;
    const document = parseDocument(message);
    return document !== undefined && holds(document);
  };
  return Object.assign(matches, { needs });
}

/** Undefined for a message that is no JSON object. */
function parseDocument(message: string): Json | undefined {
  return message.trimStart().startsWith('{') ? parseJson(message) : undefined;
}

function termFilter(text: PatternText): MessageFilter {
  const terms: Term[] = [];
  while (!text.isAtEnd) {
    terms.push(takeTerm(text));
    if (!text.isAtEnd && text.take(/\s+/y) === undefined) text.fail('a space between terms');
  }
  const required = terms.filter(({ kind }) => kind !== 'optional');
  // As on AWS: optional terms beside others have no effect.
  const matches =
    required.length === 0
      ? (message: string) => terms.length === 0 || terms.some(({ isIn }) => isIn(message))
      : (message: string) => required.every(({ kind, isIn }) => isIn(message) === (kind === 'included'));
  return Object.assign(matches, { needs: [] });
}

function takeTerm(text: PatternText): Term {
  const [sign] = text.take(/[-?]/y) ?? [];
  const kind = sign === '-' ? 'excluded' : sign === '?' ? 'optional' : 'included';
  const [, quoted] = text.take(/"((?:[^"\\]|\\.)*)"/y) ?? [];
  if (quoted !== undefined) return { kind, isIn: contains(quoted.replaceAll(/\\(.)/g, '$1')) };
  const [, regex] = text.take(/%((?:[^%\\]|\\.)*)%/y) ?? [];
  if (regex !== undefined) return { kind, isIn: compileRegex(regex) };
  const [word] = text.take(/[^\s"%]+/y) ?? [];
  if (word === undefined) text.fail('a term, a text in double quotes or a %regular expression%');
  if (!/^[\p{L}\p{N}_]+$/u.test(word)) {
    throw invalidParameter(`Invalid character(s) in term '${word}'. Put it into double quotes.`);
  }
  return { kind, isIn: contains(word) };
}

function contains(term: string): (message: string) => boolean {
  return (message) => message.includes(term);
}
