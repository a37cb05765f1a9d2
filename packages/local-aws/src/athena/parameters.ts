import { QueryError } from './sql/query-error.ts';
import { placeOf, tokensOf } from './sql/tokens.ts';

const LITERAL =
  /^(?:[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?|(?:(?:date|timestamp|decimal) *)?'(?:[^']|'')*'|true|false|null)$/i;

/**
 * Puts values in the places of `?`. Values are literals as a query has them: `1`, `'text'`, `DATE '2026-01-01'`. Throws
 * INVALID_FUNCTION_ARGUMENT for another number of values, SYNTAX_ERROR for a value that is no literal.
 */
export function withParameters(sql: string, values: readonly string[] | undefined): string {
  const places = tokensOf(sql).filter(({ kind }) => kind === 'parameter');
  if (places.length !== (values?.length ?? 0)) {
    const text = `Incorrect number of parameters: expected ${places.length} but found ${values?.length ?? 0}`;
    throw new QueryError('SYNTAX_ERROR', text, places[0] && placeOf(sql, places[0].start));
  }
  let filled = '';
  let at = 0;
  for (const [index, { start, end }] of places.entries()) {
    const value = values?.[index]?.trim() ?? '';
    if (!LITERAL.test(value)) {
      throw new QueryError(
        'SYNTAX_ERROR',
        `the parameter ${index + 1} is no literal; a text stands in quotes: '${value}'`,
      );
    }
    filled += sql.slice(at, start) + value;
    at = end;
  }
  return filled + sql.slice(at);
}

/** The name and values of `EXECUTE name USING 1, 'a'`. Undefined for another statement. */
export function parseExecute(sql: string): { name: string; values: string[] | undefined } | undefined {
  const tokens = tokensOf(sql).filter(({ text }) => text !== ';');
  const [first, name, using] = tokens;
  if (first?.text.toLowerCase() !== 'execute' || name === undefined) return undefined;
  if (using === undefined) return { name: name.text, values: undefined };
  if (using.text.toLowerCase() !== 'using') {
    throw new QueryError('SYNTAX_ERROR', `mismatched input '${using.text}'`, placeOf(sql, using.start));
  }
  const values: string[] = [];
  let start = using.end;
  for (const token of [...tokens.slice(3), { text: ',', start: tokens.at(-1)?.end ?? sql.length, end: 0 }]) {
    if (token.text !== ',') continue;
    values.push(sql.slice(start, token.start).trim());
    start = token.end;
  }
  return { name: name.text, values };
}
