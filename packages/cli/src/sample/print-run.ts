import { plural, thousands } from '@tweet-pipes/kit/wording';
import { priceNote, printBill, printSalesBill, standingLines } from '../costs/print-bill.ts';
import { barChart } from '../terminal/bar-chart.ts';
import type { Terminal } from '../terminal/terminal.ts';
import {
  jsonSummary,
  printLake,
  printOutcome,
  printPurposeOfQuarantine,
  printRow,
  printTop,
  printVerdict,
} from './report.ts';
import type { SampleRun } from './run-sample.ts';

/** Prints what a start found and what it would cost. */
export function printRun(run: SampleRun, readySeconds: number, terminal: Terminal): void {
  const { found, archiveFiles, outcome } = run;
  terminal.out(terminal.bold('The sample went through the pipeline'));
  printOutcome(terminal, run);
  terminal.out('');
  terminal.out(
    terminal.bold(
      `Top hashtags of ${plural(outcome.hashtags, 'hashtag')}, ${plural(outcome.totalCount, 'occurrence')}`,
    ),
  );
  printTop(terminal, found, 10);
  terminal.out('');
  terminal.out(
    terminal.bold(`Archive: ${plural(found.archive.size, 'row')} in ${plural(archiveFiles.length, 'file')}`),
  );
  for (const file of archiveFiles.slice(0, 3)) terminal.out(`  ${file}`);
  printRow(terminal, found.archive.values().next().value);
  terminal.out('');
  printLake(terminal, run);
  printLanguages(terminal, run);
  terminal.out('');
  printOrders(terminal, run);
  printCost(terminal, run);
  terminal.out(
    `${plural(run.executions, 'workflow execution')}; ready in ${readySeconds.toFixed(1)} s, ` +
      `the sample through in ${run.drainSeconds.toFixed(1)} s, ${run.seconds.toFixed(1)} s in all.`,
  );
  printVerdict(terminal, run);
  printPurposeOfQuarantine(terminal, outcome);
}

/** Tweets by language, the largest first, as the lake answers. */
function printLanguages(terminal: Terminal, { languages = [] }: SampleRun): void {
  const rows = languages.slice(0, 5).map(({ lang, tweets }) => ({ label: lang, count: tweets }));
  if (rows.length === 0) return;
  terminal.out('  npx tweet-pipes query languages');
  for (const line of barChart(rows, terminal.size && terminal.size.columns - 4)) terminal.out(`    ${line}`);
}

function printOrders(terminal: Terminal, { orders }: SampleRun): void {
  if (orders === undefined) return;
  const { changes, current } = orders;
  terminal.out(
    terminal.bold(`Sales: ${plural(changes, 'change')} of orders; ${thousands(current)} orders are in the table`),
  );
  // A table of one's own has no status.
  terminal.out(`  npx tweet-pipes query ${changes === 0 ? 'changes_by_hour' : 'status_funnel'}`);
  terminal.out('');
}

function printCost(terminal: Terminal, { bill, salesBill }: SampleRun): void {
  const { prices, records, perMillion, standing } = bill;
  terminal.out(terminal.bold(`The bill of AWS for ${thousands(records)} such records (${priceNote(prices)})`));
  printBill(terminal, perMillion);
  for (const line of standingLines(standing)) terminal.out(line);
  terminal.out('');
  if (salesBill === undefined) return;
  printSalesBill(terminal, salesBill, { note: 'the same prices' });
  terminal.out('');
}

/** The same as a JSON object. */
export function jsonRun(run: SampleRun, readySeconds: number): object {
  const { drainSeconds, executions, archiveFiles, units } = run;
  const { prices, records, perMillion, standing } = run.bill;
  const bill = { region: prices.region, dated: prices.dated, records, perMillion, standingPerMonth: standing };
  return jsonSummary(run, {
    ...{ executions, archiveFiles: archiveFiles.length, readySeconds, drainSeconds },
    languages: run.languages ?? null,
    orders: run.orders ?? null,
    units,
    bill,
    salesBill: run.salesBill ?? null,
  });
}
