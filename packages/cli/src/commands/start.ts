import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { priceNote, printBill, printSalesBill, standingLines } from '../costs/print-bill.ts';
import { underWay } from '../explain.ts';
import { addRuntimeOptions, type RuntimeFlags } from '../options/runtime-options.ts';
import { addSampleOptions } from '../options/sample-options.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { beginStart } from '../runtime/begin-start.ts';
import { STUCK_SECONDS } from '../runtime/until-idle.ts';
import {
  jsonSummary,
  printLake,
  printOutcome,
  printPurposeOfQuarantine,
  printRow,
  printTop,
  printVerdict,
} from '../sample/report.ts';
import type { SampleRun } from '../sample/run-sample.ts';
import { barChart } from '../terminal/bar-chart.ts';
import { printableJson, type Terminal } from '../terminal/terminal.ts';

interface StartFlags extends RuntimeFlags {
  seed: number;
  records: number;
  once?: true;
  timeout: number;
  json?: true;
}

/** `start`: runtime, sample, result; what `npm start` runs. */
export function addStart(program: Command, terminal: Terminal): void {
  const command = program
    .command('start')
    .description('run the stacks on this machine, feed the sample, check every store, go on serving');
  addSampleOptions(addRuntimeOptions(command))
    .option('--once', 'stop when the result is printed')
    .option(
      '--timeout <seconds>',
      'give up when the pipeline has made no progress for this long',
      integer(1, 86_400),
      STUCK_SECONDS,
    )
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
Every store is compared with what the sample must leave there: exit code 2 on any difference. Started again on the
same data folder it feeds the same records again, and nothing is counted twice.

Examples:
  $ npm start
  $ npm start -- --fresh --records 20000
  $ npm start -- --faults 'kinesis.PutRecords:throttle=5%,dynamodb.*:lose-answer=1%,seed=7'
  $ npm start --silent -- --once --json | jq .ok`,
    )
    .action((flags: StartFlags) => start(flags, terminal));
}

/** Boots, feeds, compares, prints; then serves, unless `--once`. Differences set exit code 2. */
async function start(flags: StartFlags, terminal: Terminal): Promise<void> {
  const startMs = terminal.clock.now();
  const booted = await beginStart(flags, terminal);
  const { readySeconds } = booted;
  try {
    const [{ printBanner }, { printFaults, printPace, serve }, { runSample }] = await Promise.all([
      import('../runtime/boot.ts'),
      import('@tweet-pipes/local-aws/command-line/serve'),
      import('../sample/run-sample.ts'),
    ]);
    const run = await underWay(terminal, () => runSample(booted, flags, terminal, startMs));
    if (flags.json) terminal.out(printableJson(jsonRun(run, readySeconds)));
    else printRun(run, readySeconds, terminal);
    if (run.differences.length > 0) terminal.exitCode = 2;
    if (flags.once) {
      printFaults(booted, terminal);
      printPace(booted, terminal);
      return;
    }
    printBanner(booted, terminal, flags.json ? terminal.err : terminal.out);
    await serve(booted, terminal, { watch: flags.watch, watched: PROJECT_FOLDER });
  } finally {
    await booted.runtime.stop();
  }
}

function printRun(run: SampleRun, readySeconds: number, terminal: Terminal): void {
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
    `${plural(run.executions, 'workflow execution')}; ready in ${readySeconds.toFixed(1)} s, the sample through in ${run.drainSeconds.toFixed(1)} s, ` +
      `${run.seconds.toFixed(1)} s in all.`,
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

function jsonRun(run: SampleRun, readySeconds: number): object {
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
