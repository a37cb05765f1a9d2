import { RE2JS } from 're2js';
import { malformedQuery, type QueryText } from './query-text.ts';
import type { Row } from './row.ts';

/** Whether a row is one that a `filter` keeps. */
export type Condition = (row: Row) => boolean;

/** Takes conditions with `and`, `or`, `not` and parentheses. */
export function takeCondition(query: QueryText): Condition {
  const all = [takeConjunction(query)];
  while (query.takeIf('or')) all.push(takeConjunction(query));
  return (row) => all.some((condition) => condition(row));
}

function takeConjunction(query: QueryText): Condition {
  const all = [takeNegation(query)];
  while (query.takeIf('and')) all.push(takeNegation(query));
  return (row) => all.every((condition) => condition(row));
}

function takeNegation(query: QueryText): Condition {
  if (query.takeIf('not')) {
    const condition = takeNegation(query);
    return (row) => !condition(row);
  }
  if (query.takeIf('(')) {
    const condition = takeCondition(query);
    query.expect(')');
    return condition;
  }
  return takeComparison(query);
}

function takeComparison(query: QueryText): Condition {
  const { next } = query;
  const field = query.takeField();
  if (query.next.text === '(' && next.kind === 'word') return takePresence(field, query);
  const isNot = query.takeIf('not');
  if (query.takeIf('like') || (!isNot && query.takeIf('=~'))) {
    const matches = takePattern(query);
    return (row) => matches(row.get(field) ?? '') !== isNot;
  }
  if (query.takeIf('in')) {
    query.expect('[');
    const values = new Set(query.takeList(() => takeLiteral(query)));
    query.expect(']');
    return (row) => values.has(row.get(field) ?? '') !== isNot;
  }
  if (isNot) query.fail('like or in behind not');
  const operator = query.take();
  const compare = operator.kind === 'symbol' ? comparisons[operator.text] : undefined;
  if (compare === undefined) {
    throw malformedQuery(
      `Expected a comparison (=, !=, <, <=, >, >=, like, not like, =~, in) at character ${operator.at}, found ${JSON.stringify(operator.text)}.`,
    );
  }
  const literal = takeLiteral(query);
  return (row) => {
    const value = row.get(field);
    return value === undefined ? operator.text === '!=' : compare(order(value, literal));
  };
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Numbers by their size, all else as text. */
export function order(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (a.trim() !== '' && b.trim() !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

function takePresence(name: string, query: QueryText): Condition {
  if (name.toLowerCase() !== 'ispresent') {
    throw malformedQuery(
      `The function ${name} is not supported by the local CloudWatch Logs. In a filter it has ispresent.`,
    );
  }
  query.expect('(');
  const field = query.takeField();
  query.expect(')');
  return (row) => row.get(field) !== undefined;
}

function takeLiteral(query: QueryText): string {
  const { kind, text } = query.next;
  if (kind !== 'string' && kind !== 'number') query.fail('a number or a text in quotes');
  query.take();
  return text;
}

/** A text is looked for as it is, a regular expression anywhere. */
function takePattern(query: QueryText): (text: string) => boolean {
  const { kind, text } = query.next;
  if (kind === 'string') {
    query.take();
    return (value) => value.includes(text);
  }
  if (kind !== 'regex') query.fail('a text in quotes or a /regular expression/');
  const compiled = compileRegex(query.take().text);
  return (value) => compiled.matcher(value).find();
}

/** Throws MalformedQueryException. */
export function compileRegex(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw malformedQuery(`/${source}/: ${cause.message}`);
  }
}
