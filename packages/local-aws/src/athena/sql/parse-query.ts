import { parse } from '@polyglot-sql/sdk';
import type { Json } from '@tweet-pipes/kit/json';
import { QueryError } from './query-error.ts';
import { FUNCTION_MARK } from './syntax-tree.ts';
import { placeOf, type Token, tokensOf } from './tokens.ts';

/** Words before `(` that are no names of functions, or functions with a syntax of their own. */
const NOT_MARKED = new Set(
  (
    'all and any array array_agg as asc avg bernoulli between by case cast char coalesce count cross cube current_date ' +
    'current_timestamp decimal desc distinct else end escape except exists extract fetch first following ' +
    'from full group grouping having if in inner intersect interval is join last lateral left like limit localtimestamp ' +
    'map max min natural not nulls numeric offset on or order outer over partition position preceding range recursive ' +
    'right rollup row rows select sets some substring sum system table then time timestamp trim try_cast union unnest using ' +
    'values varchar varbinary when where window with within'
  ).split(' '),
);

/**
 * Words that begin the other statements.
 * https://docs.aws.amazon.com/athena/latest/ug/ddl-sql-reference.html
 */
const STATEMENTS = new Set(
  (
    'alter analyze call comment commit create deallocate delete deny desc describe drop execute explain grant insert ' +
    'merge msck optimize prepare refresh reset revoke rollback set show start truncate unload update use vacuum'
  ).split(' '),
);

/** The kinds of statements, and a statement's tree where it is a query. */
export type Parsed = { kind: 'query'; tree: Json } | { kind: 'other'; words: string[] };

/**
 * Parses one statement of Athena's SQL. Names of functions are marked, which keeps the parser from translating them:
 * the functions are ours. Throws SYNTAX_ERROR with the place.
 */
export function parseQuery(sql: string): Parsed {
  const tokens = tokensOf(sql);
  while (tokens.at(-1)?.text === ';') tokens.pop();
  if (tokens.length === 0) throw new QueryError('SYNTAX_ERROR', 'the statement is empty', { line: 1, column: 1 });
  const semicolon = tokens.find(({ text }) => text === ';');
  if (semicolon !== undefined) {
    throw new QueryError('SYNTAX_ERROR', 'only one statement is allowed', placeOf(sql, semicolon.start));
  }
  const words = tokens.map(({ text }) => text);
  if (!/^(select|with|values|\()$/i.test(words[0] ?? '')) {
    if (STATEMENTS.has(words[0]?.toLowerCase() ?? '')) return { kind: 'other', words };
    throw new QueryError('SYNTAX_ERROR', `mismatched input '${words[0]}'`, placeOf(sql, tokens[0]?.start ?? 0));
  }
  const marks = tokens.filter((token, index) => isFunction(tokens, index) && token.kind === 'word');
  let marked = '';
  let at = 0;
  for (const { start } of marks) {
    marked += sql.slice(at, start) + FUNCTION_MARK;
    at = start;
  }
  const last = tokens.at(-1);
  marked += sql.slice(at, last?.end);
  // The parser takes `DECIMAL '1.5'` for a cast to whole numbers. The number in its place is as long, and has a point.
  marked = marked.replaceAll(/\bdecimal\s*'([+-]?\d+(?:\.\d+)?)'/gi, (found, number: string) =>
    (number.includes('.') ? number : `${number}.`).padEnd(found.length),
  );
  const parsed = parse(marked, 'trino' as Parameters<typeof parse>[1]);
  if (!parsed.success) {
    const { errorStart } = parsed;
    const shift = marks.filter(({ start }, index) => start + index * FUNCTION_MARK.length < (errorStart ?? 0)).length;
    const offset = Math.max(0, (errorStart ?? 0) - shift * FUNCTION_MARK.length);
    const near = tokens.find(({ end }) => end > offset) ?? last;
    const found = near === undefined || offset >= (last?.end ?? 0) ? '<EOF>' : near.text;
    throw new QueryError('SYNTAX_ERROR', `mismatched input '${found}'`, placeOf(sql, near?.start ?? 0));
  }
  const statements: unknown = parsed.ast;
  const [tree] = Array.isArray(statements) ? statements : [statements];
  return { kind: 'query', tree };
}

function isFunction(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== 'word' || tokens[index + 1]?.text !== '(') return false;
  // The function of arrays, or the clause of an aggregate.
  if (/^filter$/i.test(token.text)) return !/^where$/i.test(tokens[index + 2]?.text ?? '');
  return !NOT_MARKED.has(token.text.toLowerCase());
}
