import type { Json } from '@tweet-pipes/kit/json';

/**
 * Levels of arrays and objects that a JSON text of a caller may have. AWS's parsers have such a bound too; 1,000 is the
 * default of Jackson, which its services use (recalled). Deeper values overflow the stack of what walks through them.
 */
export const MAXIMUM_JSON_DEPTH = 1_000;

const OPEN = /["[\]{}]/g;

/** `JSON.parse` of a caller's text. Throws SyntaxError, also for more levels than {@link MAXIMUM_JSON_DEPTH}. */
export function parseBoundedJson(text: string): Json {
  if (isTooDeep(text)) throw new SyntaxError(`It is nested more than ${MAXIMUM_JSON_DEPTH} levels deep.`);
  return JSON.parse(text);
}

/** Whether no more brackets open, in strings too, than levels are allowed. Then the levels need not be counted. */
function hasFewBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > MAXIMUM_JSON_DEPTH) return false;
    }
  }
  return true;
}

/** Of a text that is no JSON the answer is open. */
function isTooDeep(text: string): boolean {
  if (hasFewBrackets(text)) return false;
  let depth = 0;
  OPEN.lastIndex = 0;
  for (let found = OPEN.exec(text); found !== null; found = OPEN.exec(text)) {
    switch (found[0]) {
      case '"':
        OPEN.lastIndex = afterString(text, OPEN.lastIndex);
        break;
      case '[':
      case '{':
        depth += 1;
        if (depth > MAXIMUM_JSON_DEPTH) return true;
        break;
      default:
        depth -= 1;
    }
  }
  return false;
}

/** The index behind the quotation mark that ends the string. */
function afterString(text: string, start: number): number {
  for (let end = text.indexOf('"', start); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return text.length;
}
