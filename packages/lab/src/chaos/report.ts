import { type Terminal, thousands } from '@tweet-pipes/cli/terminal/terminal';
import { type ChaosResult, isRight } from './run.ts';
import type { Fault } from './verdict.ts';

/** So many faults are shown to people and put into JSON; their counts say how many there are. */
const mostShown = 50;

/** The run as one JSON value. */
export function jsonResult(result: ChaosResult): object {
  const { verdict, seconds, ...rest } = result;
  return {
    ok: isRight(result),
    ...rest,
    wrongCounts: keysOf(verdict.wrong),
    lost: verdict.lost.length,
    extra: verdict.extra.length,
    copies: verdict.copies,
    seconds: Number(seconds.toFixed(1)),
    problems: [...verdict.wrong, ...verdict.lost, ...verdict.extra].slice(0, mostShown),
  };
}

/** The table of the run on standard output, and what is wrong on standard error. */
export function printResult(result: ChaosResult, terminal: Terminal): void {
  const { seed, verdict, kills, faults, resharded, defects } = result;
  const rows: [string, number | undefined][] = [
    ['kills', kills.total],
    ...indented(kills.toJSON()),
    ['stops on request', result.stops],
    ['faults injected, at least', faults.total],
    ...indented(faults.toJSON()),
    ['shard splits and merges', resharded.total],
    ...indented(resharded.toJSON()),
    ['records acknowledged', result.records],
    ['copies by a producer that heard no answer', verdict.copies],
    ['records handed to the workflow again', result.redeliveries],
    ['batches given up', result.deadLetters],
    ['wrong counts', keysOf(verdict.wrong)],
    ['lost', verdict.lost.length],
    ['extra', verdict.extra.length],
    ['defects of the runtime', defects.length],
    ['seconds', Math.round(result.seconds)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  terminal.out(terminal.bold(`Chaos, seed ${seed}`));
  for (const [name, count] of rows) {
    terminal.out(`${name.padEnd(width)} ${(count === undefined ? '' : thousands(count)).padStart(9)}`);
  }
  for (const defect of defects) terminal.err(defect);
  printFaults('wrong', verdict.wrong, terminal);
  printFaults('lost', verdict.lost, terminal);
  printFaults('extra', verdict.extra, terminal);
  terminal.out(isRight(result) ? 'Every count is right, nothing is lost, nothing is there twice.' : 'NOT RIGHT.');
}

function indented(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).map(([name, count]) => [`  ${name}`, count]);
}

/** Several things may be wrong with one item. */
function keysOf(faults: readonly Fault[]): number {
  return new Set(faults.map(({ where, key }) => `${where} ${key}`)).size;
}

function printFaults(kind: string, faults: readonly Fault[], terminal: Terminal): void {
  for (const { where, key, problem } of faults.slice(0, mostShown))
    terminal.err(`${kind}: ${where} ${key}: ${problem}`);
  if (faults.length > mostShown) terminal.err(`${kind}: and ${faults.length - mostShown} more`);
}
