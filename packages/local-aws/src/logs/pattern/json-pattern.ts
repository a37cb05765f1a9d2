import type { Json } from '@tweet-pipes/kit/json';
import type { PatternText } from './pattern-text.ts';
import { compileRegex } from './regex.ts';
import { type Selector, select, takeSelector } from './selector.ts';

/** A condition on a JSON document. */
export interface Condition {
  holds(document: Json): boolean;
  /** Texts that each document has for which the condition holds, if its JSON escapes no letter. */
  readonly needs: readonly string[];
}

type Test = (value: string | number | boolean) => boolean;

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
/** What JSON never escapes in any writer but by code, and no wildcard. */
const PLAIN = /^[A-Za-z0-9 :_.,;#=@$%^&()[\]{}|+?!~'-]+$/;
/** More letters in a row than a finite number has. */
const LETTERS = /[A-Za-z]{2}/;

/** Takes a whole JSON pattern behind its `{`: conditions with &&, || and parentheses, up to the end of the text. */
export function takeJsonPattern(text: PatternText): Condition {
  const condition = takeAlternatives(text);
  if (text.take(/\s*\}\s*/y) === undefined) text.fail('&&, || or }');
  if (!text.isAtEnd) text.fail('nothing behind }');
  return condition;
}

function takeAlternatives(text: PatternText): Condition {
  const all = [takeConjunction(text)];
  while (text.take(/\s*\|\|/y) !== undefined) all.push(takeConjunction(text));
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  return { holds: (document) => all.some((each) => each.holds(document)), needs: [] };
}

function takeConjunction(text: PatternText): Condition {
  const all = [takeCondition(text)];
  while (text.take(/\s*&&/y) !== undefined) all.push(takeCondition(text));
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  return {
    holds: (document) => all.every((each) => each.holds(document)),
    needs: all.flatMap(({ needs }) => needs),
  };
}

function takeCondition(text: PatternText): Condition {
  text.skipSpace();
  if (text.take(/\(/y) !== undefined) {
    const inner = takeAlternatives(text);
    if (text.take(/\s*\)/y) === undefined) text.fail('&&, || or )');
    return inner;
  }
  const selector = takeSelector(text);
  text.skipSpace();
  const [, word] = text.take(/(IS\s+NULL|IS\s+TRUE|IS\s+FALSE|NOT\s+EXISTS|EXISTS)\b/iy) ?? [];
  if (word !== undefined) return wordCondition(selector, word.toUpperCase().replaceAll(/\s+/g, ' '));
  const [, operator] = text.take(/(!=|>=|<=|=|>|<)\s*/y) ?? [];
  if (operator === undefined) text.fail('a comparison (=, !=, <, <=, >, >=, IS, NOT EXISTS)');
  return operator === '=' || operator === '!='
    ? equality(selector, operator, text)
    : comparison(selector, operator, text);
}

function wordCondition(selector: Selector, word: string): Condition {
  const some = (test: (value: Json) => boolean): Condition => ({
    holds: (document) => select(selector, document).some(test),
    needs: [],
  });
  switch (word) {
    case 'IS NULL':
      return some((value) => value === null);
    case 'IS TRUE':
      return some((value) => value === true);
    case 'IS FALSE':
      return some((value) => value === false);
    case 'EXISTS':
      return some(() => true);
    default:
      return { holds: (document) => select(selector, document).length === 0, needs: [] };
  }
}

function equality(selector: Selector, operator: '=' | '!=', text: PatternText): Condition {
  const { test, literal } = takeOperand(text);
  const isEqual = operator === '=';
  // A list, an object or null is no value: neither comparison holds for it.
  return {
    holds: (document) => select(selector, document).some((value) => isScalar(value) && test(value) === isEqual),
    needs: isEqual && literal !== undefined && PLAIN.test(literal) ? [literal] : [],
  };
}

/** `literal`: a text that is in each value that is equal. Undefined where there is none. */
function takeOperand(text: PatternText): { test: Test; literal?: string } {
  const [, regex] = text.take(/%((?:[^%\\]|\\.)*)%/y) ?? [];
  if (regex !== undefined) {
    const matches = compileRegex(regex);
    return { test: (value) => typeof value !== 'boolean' && matches(String(value)) };
  }
  const [, quoted] = text.take(/"((?:[^"\\]|\\.)*)"/y) ?? [];
  if (quoted !== undefined) return textOperand(quoted.replaceAll(/\\(.)/g, '$1'));
  const [bare] = text.take(/[\p{L}\p{N}_.*+-]+/uy) ?? [];
  if (bare === undefined) text.fail('a value: a word, a number, a text in double quotes or a %regular expression%');
  if (!NUMBER.test(bare)) return textOperand(bare);
  const number = Number(bare);
  return { test: (value) => (typeof value === 'number' ? value === number : String(value) === bare) };
}

/** A `*` at the beginning or the end stands for any text. Elsewhere it stands for itself. */
function textOperand(pattern: string): { test: Test; literal?: string } {
  const isSuffix = pattern.startsWith('*');
  const isPrefix = pattern.length > 1 && pattern.endsWith('*');
  const inner = pattern.slice(isSuffix ? 1 : 0, isPrefix ? -1 : undefined);
  // JSON may write a number in several ways, so that its digits may be no part of the document.
  const literal = (!isSuffix && !isPrefix) || LETTERS.test(inner) ? { literal: inner } : {};
  if (isSuffix && isPrefix) return { test: (value) => String(value).includes(inner), ...literal };
  if (isSuffix) return { test: (value) => String(value).endsWith(inner), ...literal };
  if (isPrefix) return { test: (value) => String(value).startsWith(inner), ...literal };
  return { test: (value) => String(value) === pattern, ...literal };
}

function comparison(selector: Selector, operator: string, text: PatternText): Condition {
  const [operand = ''] = text.take(/[^\s&|)}]+/y) ?? [];
  if (!NUMBER.test(operand)) text.fail(`a number behind ${operator}, before this`);
  const number = Number(operand);
  const test = (value: Json): boolean => {
    if (typeof value !== 'number') return false;
    switch (operator) {
      case '<':
        return value < number;
      case '<=':
        return value <= number;
      case '>':
        return value > number;
      default:
        return value >= number;
    }
  };
  return { holds: (document) => select(selector, document).some(test), needs: [] };
}

function isScalar(value: Json): value is string | number | boolean {
  return value !== null && typeof value !== 'object';
}
