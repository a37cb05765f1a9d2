import { malformedQuery, type QueryText } from './query-text.ts';
import { type Row, timeText } from './row.ts';

/** A column of `stats`: a name, and what it makes of the rows of a group. */
export interface Aggregate {
  readonly name: string;
  /** Undefined: no row has a number. */
  of(rows: readonly Row[]): number | undefined;
}

/** What rows are put into groups by. */
export interface GroupKey {
  readonly name: string;
  of(row: Row): string | undefined;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Takes `count(*) as n`, `avg(x)`, `pct(x, 95)`. */
export function takeAggregate(query: QueryText): Aggregate {
  const { at } = query.next;
  const called = query.takeField().toLowerCase();
  query.expect('(');
  const field = query.takeIf('*') || query.next.text === ')' ? '*' : query.takeField();
  const percent = called === 'pct' || called === 'percentile' ? takePercent(query) : undefined;
  query.expect(')');
  const name = query.takeIf('as')
    ? query.takeField()
    : `${called}(${field}${percent === undefined ? '' : `, ${percent}`})`;
  const numbers = (rows: readonly Row[]): number[] =>
    rows.flatMap((row) => {
      const value = Number(row.get(field) ?? Number.NaN);
      return Number.isNaN(value) ? [] : [value];
    });
  switch (called) {
    case 'count':
      return {
        name,
        of: (rows) => (field === '*' ? rows.length : rows.filter((row) => row.get(field) !== undefined).length),
      };
    case 'count_distinct':
      return { name, of: (rows) => new Set(rows.flatMap((row) => row.get(field) ?? [])).size };
    case 'sum':
      return { name, of: (rows) => numbers(rows).reduce((sum, value) => sum + value, 0) };
    case 'avg':
      return { name, of: (rows) => average(numbers(rows)) };
    case 'min':
      return { name, of: (rows) => extreme(numbers(rows), (a, b) => a < b) };
    case 'max':
      return { name, of: (rows) => extreme(numbers(rows), (a, b) => a > b) };
    case 'pct':
    case 'percentile':
      return { name, of: (rows) => percentile(numbers(rows), percent ?? 50) };
    default:
      throw malformedQuery(
        `The function ${called} at character ${at} is not supported by the local CloudWatch Logs. ` +
          'In stats it has count, count_distinct, sum, avg, min, max and pct.',
      );
  }
}

/** Takes `field`, or `bin(5m)`, with its name. */
export function takeGroupKey(query: QueryText): GroupKey {
  const field = query.takeField();
  if (!query.takeIf('(')) return { name: query.takeIf('as') ? query.takeField() : field, of: (row) => row.get(field) };
  if (field.toLowerCase() !== 'bin') {
    throw malformedQuery(`The function ${field} is not supported by the local CloudWatch Logs. Behind by it has bin.`);
  }
  const count = query.take();
  const unit = query.next.kind === 'word' ? query.take().text.toLowerCase() : '';
  const periodMs = Number(count.text) * (UNITS_MS[unit] ?? Number.NaN);
  if (count.kind !== 'number' || !(periodMs > 0)) {
    throw malformedQuery(`bin at character ${count.at} takes a period such as 30s, 5m, 1h or 1d.`);
  }
  query.expect(')');
  const name = query.takeIf('as') ? query.takeField() : `bin(${count.text}${unit})`;
  return {
    name,
    of(row) {
      const atMs = Date.parse(`${row.get('@timestamp')?.replace(' ', 'T')}Z`);
      return timeText(Math.floor(atMs / periodMs) * periodMs);
    },
  };
}

function takePercent(query: QueryText): number {
  query.expect(',');
  const { kind, text } = query.next;
  if (kind !== 'number' || Number(text) < 0 || Number(text) > 100) query.fail('a number from 0 to 100');
  query.take();
  return Number(text);
}

function average(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function extreme(values: readonly number[], isBetter: (a: number, b: number) => boolean): number | undefined {
  return values.reduce<number | undefined>(
    (best, value) => (best === undefined || isBetter(value, best) ? value : best),
    undefined,
  );
}

/** The smallest value that at least that share of the values does not exceed. */
function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}
