import type { PlotProps, PlotSeries } from '../../components/plot.ts';
import type { QueryOutcome } from './api.ts';

const numberTypes = /^(tinyint|smallint|integer|bigint|float|real|double|decimal)/;
/** Series, and places on the x axis, that a plot can show. */
const [mostSeries, mostPlaces] = [10, 200];
/** `2026/11/29/14`, `2026-11-29 14:00:00.000` */
const hour = /^(\d{4})[/-](\d\d)[/-](\d\d)[/ T](\d\d)(?::(\d\d)(?::(\d\d))?.*)?$/;

/** Whether Athena's type is one of numbers. */
export function isNumberType(type: string): boolean {
  return numberTypes.test(type);
}

/**
 * A plot of a result, where its columns allow one: times make lines, names make bars. One more column of texts beside
 * times divides the lines; the largest ten are drawn. Undefined for other results.
 */
export function plotOf({ columns, rows }: QueryOutcome): PlotProps | undefined {
  const numbers = columns.flatMap(({ type }, at) => (isNumberType(type) ? [at] : []));
  const texts = columns.flatMap(({ type }, at) => (isNumberType(type) ? [] : [at]));
  const [value] = numbers;
  if (value === undefined || rows.length < 2) return undefined;
  const time = texts.find((at) => rows.every((row) => timeOf(row[at] ?? null) !== undefined));
  if (time !== undefined) return linesOf(columns, rows, { time, numbers, names: texts.filter((at) => at !== time) });
  const [name] = texts;
  return name === undefined || texts.length > 2
    ? undefined
    : barsOf(columns, rows.slice(0, mostPlaces), { texts, numbers });
}

type Rows = QueryOutcome['rows'];
type Columns = QueryOutcome['columns'];

function linesOf(
  columns: Columns,
  rows: Rows,
  { time, numbers, names }: { time: number; numbers: readonly number[]; names: readonly number[] },
): PlotProps | undefined {
  const xs = [...new Set(rows.map((row) => timeOf(row[time] ?? null) ?? 0))].sort((a, b) => a - b);
  if (xs.length < 2) return undefined;
  const at = new Map(xs.map((x, index) => [x, index]));
  const series = new Map<string, (number | null)[]>();
  for (const row of rows) {
    const of = names.map((index) => row[index] ?? 'NULL').join(', ');
    // Several columns of numbers are lines of their own; with names only the first is drawn.
    for (const number of names.length > 0 ? numbers.slice(0, 1) : numbers) {
      const label = of === '' ? (columns[number]?.name ?? '') : of;
      const values = series.get(label) ?? xs.map(() => null);
      values[at.get(timeOf(row[time] ?? null) ?? 0) ?? 0] = numberOf(row[number] ?? null);
      series.set(label, values);
    }
  }
  return { label: `The result over ${columns[time]?.name}`, kind: 'line', xs, series: largest(series) };
}

function barsOf(
  columns: Columns,
  rows: Rows,
  { texts, numbers }: { texts: readonly number[]; numbers: readonly number[] },
): PlotProps {
  const [number = 0] = numbers;
  return {
    label: `${columns[number]?.name} by ${texts.map((at) => columns[at]?.name).join(', ')}`,
    kind: 'bars',
    xs: rows.map((_, index) => index),
    names: rows.map((row) => texts.map((at) => row[at] ?? 'NULL').join(', ')),
    series: [{ label: columns[number]?.name ?? '', values: rows.map((row) => numberOf(row[number] ?? null)) }],
  };
}

/** The series with the largest sums, the largest first. */
function largest(series: ReadonlyMap<string, (number | null)[]>): PlotSeries[] {
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  return [...series]
    .map(([label, values]) => ({ label, values }))
    .sort((a, b) => sum(b.values) - sum(a.values))
    .slice(0, mostSeries);
}

function numberOf(value: string | null): number | null {
  const number = value === null || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Epoch seconds, in UTC as Athena's are. */
function timeOf(value: string | null): number | undefined {
  const [, year, month, day, hours, minutes = '0', seconds = '0'] = hour.exec(value ?? '') ?? [];
  if (year === undefined) return undefined;
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds)) / 1_000
  );
}
