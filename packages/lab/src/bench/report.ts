import { before } from './before.ts';
import { type Figure, meetsGoal, type Ratio } from './measurements.ts';
import type { Provenance } from './provenance.ts';
import type { SubjectResult } from './subject.ts';

/** The report of a bench run. */
export interface BenchReport extends Provenance {
  /** Duration of all subjects. */
  seconds: number;
  subjects: ({ name: string } & SubjectResult)[];
}

/** The figures and ratios that miss their goal. */
export function missed({ subjects }: Pick<BenchReport, 'subjects'>): string[] {
  return subjects.flatMap(({ figures, ratios }) =>
    [...figures, ...ratios].filter((each) => !meetsGoal(each)).map(({ name }) => name),
  );
}

/** The earlier medians of what this run measured, by name. */
export function mediansBefore({ subjects }: Pick<BenchReport, 'subjects'>): Record<string, number> {
  const names = subjects.flatMap(({ figures, ratios }) => [...figures, ...ratios].map(({ name }) => name));
  return Object.fromEntries([...before.medians].filter(([name]) => names.includes(name)));
}

/** The report as lines of text. */
export function reportText(report: BenchReport): string[] {
  const { machine, commit, dirty, versions, seconds, startedAt } = report;
  const state = dirty ? ' with changes' : '';
  return [
    `${machine.processor}, ${machine.cores} cores, ${(machine.memoryMegabytes / 1000).toFixed(0)} GB, ${machine.kernel}, Node ${machine.node}`,
    `commit ${commit ?? 'unknown'}${state}, ${startedAt}; ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    ...report.subjects.flatMap((subject) => ['', ...subjectText(subject)]),
    '',
    `${seconds.toFixed(0)} s. First the median, then what each round measured.`,
    `Before: ${before.date}, commit ${before.commit}, medians on another machine of two cores (docs/performance.md).`,
  ];
}

function subjectText({ name, figures, ratios, notes }: { name: string } & SubjectResult): string[] {
  return [
    name,
    ...table([...figures.map(figureRow), ...ratios.map(ratioRow)]).map((line) => `  ${line}`),
    ...notes.map((note) => `  ${note}`),
  ];
}

function figureRow(figure: Figure): string[] {
  return row(figure, figure.unit);
}

function ratioRow(ratio: Ratio): string[] {
  return row(ratio, '×');
}

function row(measured: Figure | Ratio, unit: string): string[] {
  const { name, median, goal, repeats } = measured;
  const verdict = goal === undefined ? '' : ` (goal ${goalText(goal)}: ${meetsGoal(measured) ? 'met' : 'missed'})`;
  const earlier = before.medians.get(name);
  return [
    name,
    significant(median),
    `${unit}${verdict}`,
    earlier === undefined ? '' : `before ${significant(earlier)}`,
    each(repeats),
  ];
}

function goalText(goal: NonNullable<(Figure | Ratio)['goal']>): string {
  if (typeof goal === 'number') return String(goal);
  return 'atLeast' in goal ? significant(goal.atLeast) : `at most ${significant(goal.atMost)}`;
}

function each(repeats: readonly number[]): string {
  return repeats.length < 2 ? '' : repeats.map(significant).join('  ');
}

/** Three significant digits, but no integer digits dropped: `0.512`, `7.83`, `1,204`. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value === 0 ? '0' : value.toPrecision(3);
}

/** Aligned columns; the second, which holds numbers, to the right. */
export function table(rows: readonly string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
