import type { Figure, Ratio } from './measurements.ts';
import type { Provenance } from './provenance.ts';
import type { SubjectResult } from './subject.ts';

/** The report of a bench run. */
export interface BenchReport extends Provenance {
  /** Duration of all subjects. */
  seconds: number;
  subjects: ({ name: string } & SubjectResult)[];
}

/** The ratios that are below their goal. */
export function missed({ subjects }: Pick<BenchReport, 'subjects'>): string[] {
  return subjects.flatMap(({ ratios }) =>
    ratios.filter(({ median, goal }) => goal !== undefined && median < goal).map(({ name }) => name),
  );
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
  ];
}

function subjectText({ name, figures, ratios, notes }: { name: string } & SubjectResult): string[] {
  return [
    name,
    ...table([...figures.map(figureRow), ...ratios.map(ratioRow)]).map((line) => `  ${line}`),
    ...notes.map((note) => `  ${note}`),
  ];
}

function figureRow({ name, unit, median, repeats }: Figure): string[] {
  return [name, significant(median), unit, each(repeats)];
}

function ratioRow({ name, median, goal, repeats }: Ratio): string[] {
  const verdict = goal === undefined ? '' : ` (goal ${goal}: ${median < goal ? 'missed' : 'met'})`;
  return [name, significant(median), `×${verdict}`, each(repeats)];
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
