import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { thousands } from '@tweet-pipes/kit/wording';
import type { OrderVerdict } from './orders.ts';
import { type ChaosResult, isRight } from './run.ts';
import type { Tally } from './tally.ts';
import type { Discrepancy } from './verdict.ts';

/** Maximum number of discrepancies of a kind that are reported individually. */
const maximumReported = 50;

/** The result as a JSON value. */
export function jsonResult(result: ChaosResult): object {
  const { verdict, lake, sales, seconds, ...rest } = result;
  return {
    ok: isRight(result),
    ...rest,
    wrongCounts: keysOf(verdict.wrong),
    lost: verdict.lost.length,
    extra: verdict.extra.length,
    lakeDifferences: lake.differences.length,
    lakeLeftOut: lake.leftOut,
    sales: sales && { ...sales, differences: sales.differences.length },
    copies: verdict.copies,
    seconds: Number(seconds.toFixed(1)),
    problems: [
      ...verdict.wrong,
      ...verdict.lost,
      ...verdict.extra,
      ...lake.differences,
      ...(sales?.differences ?? []),
    ].slice(0, maximumReported),
  };
}

/** Prints the table of the run on standard output, defects and discrepancies on standard error. */
export function printResult(result: ChaosResult, terminal: Terminal): void {
  const { seed, verdict, lake, sales, kills, faults, resharded, salesResharded, defects } = result;
  const rows: [string, number | undefined][] = [
    ['kills', kills.total],
    ...indented(kills.toJSON()),
    ['stops on request', result.stops],
    ['faults injected, at least', faults.total],
    ...indented(faults.toJSON()),
    ['shard splits and merges', resharded.total],
    ...indented(resharded.toJSON()),
    ['records acknowledged', result.records],
    ['calls to an endpoint that was gone', result.refusedCalls],
    ['copies after a lost answer', verdict.copies],
    ['records redelivered', result.redeliveries],
    ['batches given up', result.deadLetters],
    ['wrong counts', keysOf(verdict.wrong)],
    ['lost', verdict.lost.length],
    ['extra', verdict.extra.length],
    ['tweets that Firehose gave up', lake.leftOut],
    ['differences of lake and tables', lake.differences.length],
    ...(sales === undefined ? [] : salesRows(sales, salesResharded)),
    ['defects of the runtime', defects.length],
    ['seconds', Math.round(result.seconds)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  terminal.out(terminal.bold(`Chaos, seed ${seed}`));
  for (const [name, count] of rows) {
    terminal.out(`${name.padEnd(width)} ${(count === undefined ? '' : thousands(count)).padStart(9)}`);
  }
  for (const defect of defects) terminal.err(defect);
  printDiscrepancies('wrong', verdict.wrong, terminal);
  printDiscrepancies('lost', verdict.lost, terminal);
  printDiscrepancies('extra', verdict.extra, terminal);
  printDiscrepancies('differs', lake.differences, terminal);
  printDiscrepancies('differs', sales?.differences ?? [], terminal);
  terminal.out(isRight(result) ? 'Every count is right, nothing is lost, nothing is there twice.' : 'NOT RIGHT.');
}

function salesRows({ changes, orders, leftOut, differences }: OrderVerdict, resharded: Tally): [string, number][] {
  return [
    ['splits and merges of the stream of changes', resharded.total],
    ...indented(resharded.toJSON()),
    ['changes of orders', changes],
    ['orders', orders],
    ['orders that Firehose gave up', leftOut],
    ['differences of sales lake and table', differences.length],
  ];
}

function indented(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).map(([name, count]) => [`  ${name}`, count]);
}

/** Number of distinct items: one may have several discrepancies. */
function keysOf(discrepancies: readonly Discrepancy[]): number {
  return new Set(discrepancies.map(({ where, key }) => `${where} ${key}`)).size;
}

function printDiscrepancies(kind: string, discrepancies: readonly Discrepancy[], terminal: Terminal): void {
  for (const { where, key, problem } of discrepancies.slice(0, maximumReported))
    terminal.err(`${kind}: ${where} ${key}: ${problem}`);
  if (discrepancies.length > maximumReported)
    terminal.err(`${kind}: and ${discrepancies.length - maximumReported} more`);
}
