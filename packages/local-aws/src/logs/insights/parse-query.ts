import { type Condition, compileRegex, order, takeCondition } from './condition.ts';
import { malformedQuery, QueryText } from './query-text.ts';
import type { Row } from './row.ts';
import { type Aggregate, type GroupKey, takeAggregate, takeGroupKey } from './statistics.ts';

/** Number of rows of a result. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MOST_ROWS = 10_000;

/** A query, ready to be run. */
export interface Query {
  /** Whether rows become others one by one. Then the query takes rows until it has enough. */
  readonly steps: readonly RowStep[];
  readonly stats: { readonly aggregates: readonly Aggregate[]; readonly keys: readonly GroupKey[] } | undefined;
  /** Undefined: the latest first, without `stats`. */
  readonly compare: ((a: Row, b: Row) => number) | undefined;
  readonly limit: number;
  /** The fields of the result, in order. Undefined with `stats`: its columns. */
  readonly shown: readonly string[] | undefined;
}

/** Changes a row, or leaves it out (false). */
export type RowStep = (row: Row) => boolean;

/**
 * Parses a query of CloudWatch Logs Insights: fields, filter, parse, stats, sort, limit and display. Throws
 * MalformedQueryException that names what is not supported.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function parseQuery(text: string, limit: number = MOST_ROWS): Query {
  const query = new QueryText(text);
  const steps: RowStep[] = [];
  let fields: string[] = [];
  let displayed: string[] | undefined;
  let stats: Query['stats'];
  let compare: Query['compare'];
  let most = limit;
  query.takeIf('|');
  do {
    const { kind, text: name, at } = query.next;
    if (kind === 'end') query.fail('a command');
    query.take();
    const command = name.toLowerCase();
    if (stats !== undefined && !['sort', 'limit', 'display'].includes(command)) {
      throw malformedQuery(
        `${command} behind stats, at character ${at}, is not supported by the local CloudWatch Logs.`,
      );
    }
    switch (command) {
      case 'fields':
        fields = [...fields, ...query.takeList(() => takeShown(query, steps))];
        break;
      case 'display':
        displayed = query.takeList(() => query.takeField());
        break;
      case 'filter':
        steps.push(takeCondition(query) satisfies Condition);
        break;
      case 'parse':
        steps.push(takeParse(query));
        break;
      case 'stats':
        stats = {
          aggregates: query.takeList(() => takeAggregate(query)),
          keys: query.takeIf('by') ? query.takeList(() => takeGroupKey(query)) : [],
        };
        break;
      case 'sort':
        compare = takeOrder(query);
        break;
      case 'limit':
        most = Math.min(limit, takeLimit(query));
        break;
      default:
        throw malformedQuery(
          `The command ${JSON.stringify(name)} at character ${at} is not supported by the local CloudWatch Logs. ` +
            'It has fields, filter, parse, stats, sort, limit and display.',
        );
    }
  } while (query.takeIf('|'));
  if (query.next.kind !== 'end') query.fail('| or the end of the query');
  const shown =
    displayed ?? (stats === undefined ? (fields.length > 0 ? fields : ['@timestamp', '@message']) : undefined);
  return { steps, stats, compare, limit: most, shown };
}

/** Takes `field` or `field as name`. */
function takeShown(query: QueryText, steps: RowStep[]): string {
  const field = query.takeField();
  if (query.next.text === '(') {
    throw malformedQuery(
      `The function ${field} is not supported by the local CloudWatch Logs. fields takes names of fields.`,
    );
  }
  if (!query.takeIf('as')) return field;
  const name = query.takeField();
  steps.push((row) => {
    const value = row.get(field);
    if (value !== undefined) row.set(name, value);
    return true;
  });
  return name;
}

/** Takes `@message "from * to *" as a, b`, or `@message /(?<a>…)/`. A row that does not fit stays as it is. */
function takeParse(query: QueryText): RowStep {
  const field = query.next.kind === 'string' || query.next.kind === 'regex' ? '@message' : query.takeField();
  const pattern = query.take();
  if (pattern.kind === 'regex') {
    const regex = compileRegex(pattern.text);
    const names = Object.keys(regex.namedGroups());
    return (row) => {
      const found = regex.matcher(row.get(field) ?? '');
      if (found.find()) for (const name of names) row.set(name, found.group(name) ?? '');
      return true;
    };
  }
  if (pattern.kind !== 'string') {
    throw malformedQuery(
      `Expected a text in quotes or a /regular expression/ behind parse, at character ${pattern.at}.`,
    );
  }
  query.expect('as');
  const names = query.takeList(() => query.takeField());
  const literals = pattern.text.split('*');
  if (literals.length - 1 !== names.length) {
    throw malformedQuery(`The text behind parse has ${literals.length - 1} *, but ${names.length} names follow.`);
  }
  const regex = new RegExp(literals.map(escaped).join('(.*?)') + (pattern.text.endsWith('*') ? '$' : ''), 's');
  return (row) => {
    const found = regex.exec(row.get(field) ?? '');
    for (const [index, name] of names.entries()) if (found !== null) row.set(name, found[index + 1] ?? '');
    return true;
  };
}

function takeOrder(query: QueryText): (a: Row, b: Row) => number {
  const orders = query.takeList(() => {
    const field = query.takeField();
    const isDescending = query.takeIf('desc');
    if (!isDescending) query.takeIf('asc');
    return (a: Row, b: Row): number => {
      const [x, y] = [a.get(field), b.get(field)];
      // A row without a value goes last.
      if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
      return isDescending ? order(y, x) : order(x, y);
    };
  });
  return (a, b) => orders.reduce((found, compare) => found || compare(a, b), 0);
}

function takeLimit(query: QueryText): number {
  const { kind, text } = query.next;
  if (kind !== 'number' || !/^\d+$/.test(text) || Number(text) < 1 || Number(text) > MOST_ROWS) {
    query.fail(`a number from 1 to ${MOST_ROWS}`);
  }
  query.take();
  return Number(text);
}

function escaped(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
