import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { decimal, integer } from '@tweet-pipes/kit/command-line/numbers';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import type { Source } from '@tweet-pipes/producer/record';
import { type Command, Option } from 'commander';
import type { Alternative } from '../costs/alternatives.ts';
import { SECONDS_PER_MONTH } from '../costs/month-length.ts';
import { priceNote, printBill, printSalesBill } from '../costs/print-bill.ts';
import type { Projection } from '../costs/project-month.ts';
import type { SalesProjection } from '../costs/project-sales.ts';
import { parseContext } from '../options/context.ts';
import { defaultStacks, parseStacks, salesStack } from '../options/stacks.ts';
import { reportProblems } from '../produce/report-problems.ts';
import { dataSize, type Terminal } from '../terminal/terminal.ts';

const DEFAULT_RECORDS = 1_000;
const DEFAULT_CHANGES = 2_000;

interface CostFlags {
  /** Records a second. */
  rate: number;
  sample?: string[];
  records?: number;
  raw?: true;
  context: Record<string, string>;
  stacks: string[];
  json?: true;
}

/** `cost`: projects the bill of a month on AWS. */
export function addCost(program: Command, terminal: Terminal): void {
  program
    .command('cost')
    .description('project a month on AWS: run a sample on this machine, count what AWS would bill, multiply')
    .option(
      '--rate <per second>',
      'records that come in, and changes of orders, 0.001-100000',
      decimal(0.001, 100_000),
      10,
    )
    .option(
      '--sample <path...>',
      'records of your own, as produce file reads them, - for standard input (default: generated tweets)',
    )
    .option(
      '--records <number>',
      `how many of them to run, 100-20000 (default: up to ${thousands(DEFAULT_RECORDS)}, fewer where batches are small; ${thousands(DEFAULT_CHANGES)} changes of orders)`,
      integer(100, 20_000),
    )
    .option('--raw', 'count records as they come; otherwise as produce sends them, compact')
    .option(
      '-c, --context <key=value>',
      'an option of the stacks, as for cdk deploy; may be repeated',
      parseContext,
      {},
    )
    .addOption(
      new Option('--stacks <names>', 'the stacks of the bill')
        .argParser(parseStacks)
        .default([...defaultStacks], defaultStacks.join(',')),
    )
    .option('--json', 'the month, its alternatives and what they rest on, on one line of JSON')
    .addHelpText(
      'after',
      `
The stacks are synthesized with your options and run in a temporary folder, with batches as large as they would be at
this rate; nothing of a runtime that you have is touched. What it counts is multiplied to a month of 730 hours. It takes
under 30 seconds with the default sample, since executions take as long as on AWS.
The sales lake has a bill of its own, for a million changes of orders that come at this rate; --stacks SalesLake shows
that alone.
Prices are list prices of us-east-1 without any free tier; docs/costs.md says what is counted, how, and what is left
out.

Below the bill stand the options that lower it, each with what it saves and what it costs you. Exit code 2 when a record
did not get through.

Examples:
  $ npx tweet-pipes cost --rate 50
  $ npx tweet-pipes cost --rate 1000 -c tweetPipes:logLevel=ERROR -c tweetPipes:shards=2
  $ npx tweet-pipes cost --rate 100 --stacks SalesLake
  $ npx tweet-pipes cost --rate 5 --sample monday.jsonl --raw --json | jq .month.usd`,
    )
    .action(async (flags: CostFlags) => {
      const stacks = flags.stacks.filter((name) => name !== salesStack);
      const tweets = stacks.length > 0 ? await projectTweets(flags, stacks, terminal) : undefined;
      if (tweets === undefined && flags.sample !== undefined) {
        throw new CliError('--sample holds records of tweets, and the sales lake is measured with generated orders.');
      }
      if (tweets !== undefined && !flags.json) print(tweets.projection, tweets.alternatives, terminal);
      const sales = flags.stacks.includes(salesStack) ? await salesOf(flags, terminal) : undefined;
      if (flags.json) {
        const month = tweets && jsonMonth(tweets.projection, tweets.alternatives);
        return terminal.out(JSON.stringify({ ...month, sales: sales === undefined ? null : jsonSales(sales) }));
      }
      if (sales !== undefined) {
        if (tweets !== undefined) terminal.out('');
        printSales(sales, terminal);
      }
    });
}

async function projectTweets(flags: CostFlags, stacks: readonly string[], terminal: Terminal) {
  const { projectMonth } = await import('../costs/project-month.ts');
  const request = {
    recordsPerSecond: flags.rate,
    runsAll: flags.records !== undefined,
    context: flags.context,
    stacks,
  };
  const sample = await openSample(flags, terminal);
  try {
    const projected = await projectMonth(sample, request, terminal);
    if (flags.context['tweetPipes:sentiment'] === 'comprehend') terminal.err(sentimentNote(projected.projection));
    return projected;
  } finally {
    reportProblems(sample, terminal);
  }
}

async function salesOf({ rate, records, context }: CostFlags, terminal: Terminal): Promise<SalesProjection> {
  const { projectSales } = await import('../costs/project-sales.ts');
  const changes = records ?? DEFAULT_CHANGES;
  return projectSales({ stack: salesStack, changesPerSecond: rate, changes, context }, terminal);
}

function printSales(sales: SalesProjection, terminal: Terminal): void {
  const { prices, changesPerSecond, measured, bytesPerOrder, changes, perMillion } = sales;
  printSalesBill(terminal, sales, { note: priceNote(prices), rate: changesPerSecond });
  const perMonth = (changesPerSecond * SECONDS_PER_MONTH) / changes;
  terminal.out(
    `${dataSize(Math.round(bytesPerOrder))} an order; measured with ${plural(measured, 'change')}. DynamoDB's lines are the orders themselves: their writes, and a month of those that are left.`,
  );
  terminal.out(
    `A month at this rate has ${perMonth.toFixed(2)} million changes: ${(perMonth * perMillion.usd).toFixed(2)} USD, and what stands.`,
  );
}

function jsonSales({ prices: { region, dated }, ...sales }: SalesProjection): object {
  return { region, dated, ...sales };
}

/** Comprehend bills 300 characters at least, in units of 100 (https://aws.amazon.com/comprehend/pricing/). */
const unitsOfShortTweet = 3;

/** What sentiment costs if each record is a tweet. The bill has what it costs for the tweets of the sample. */
function sentimentNote({ basis: { load, prices } }: Projection): string {
  const usdPerTweet = unitsOfShortTweet * prices.prices.comprehendUnits.usd;
  const usd = Math.round(load.recordsPerSecond * SECONDS_PER_MONTH * usdPerTweet);
  return `Amazon Comprehend takes about ${thousands(Math.round(usdPerTweet * 1_000_000))} USD for a million tweets of up to 300 characters, ${thousands(usd)} USD a month if each record is one; longer ones cost more.`;
}

async function openSample({ sample, records = DEFAULT_RECORDS, raw }: CostFlags, terminal: Terminal): Promise<Source> {
  const [{ controlled }, { fileSource }, { generateSource }] = await Promise.all([
    import('@tweet-pipes/producer/controlled'),
    import('@tweet-pipes/producer/sources/file'),
    import('@tweet-pipes/producer/sources/generate'),
  ]);
  const source =
    sample === undefined ? generateSource() : await fileSource(sample, { isRaw: raw === true, stdin: terminal.stdin });
  return controlled(source, { clock: terminal.clock, limit: records, isRaw: raw === true });
}

function print(
  { basis, shards, recordsPerBatch, month, forgetting }: Projection,
  alternatives: Alternative[],
  terminal: Terminal,
): void {
  const { load, measured, prices } = basis;
  const perMonth = thousands(Math.round((load.recordsPerSecond * SECONDS_PER_MONTH) / 1e6));
  terminal.out(
    terminal.bold(
      `A month at ${load.recordsPerSecond} records a second, ${perMonth} million records (${priceNote(prices)})`,
    ),
  );
  terminal.out(
    `${dataSize(Math.round(load.bytesPerRecord))} a record, ${plural(shards, 'shard')}, ${recordsPerBatch.toFixed(1)} records a batch; measured with ${plural(measured.records, 'record')}.`,
  );
  printBill(terminal, month);
  const [first] = month.lines;
  if (first !== undefined) {
    terminal.out(`${first.label} is ${((first.usd / month.usd) * 100).toFixed(0)} % of it.`);
  }
  if (forgetting !== undefined) for (const line of forgettingLines(forgetting)) terminal.out(line);
  if (alternatives.length === 0) return;
  terminal.out('');
  terminal.out(terminal.bold('Options that lower it, each by itself'));
  for (const { option, tradeOff, usd } of alternatives) {
    const saved = month.usd - usd;
    terminal.out(`  -c ${option.padEnd(42)} ${`-${saved.toFixed(2)}`.padStart(10)} USD: ${tradeOff}`);
  }
}

/** What forgetting costs, and whether it keeps up. */
function forgettingLines(forgetting: NonNullable<Projection['forgetting']>): string[] {
  const { everyHours, objects, seconds, secondsPerDay, usd } = forgetting;
  const line = `Forgetting deleted tweets every ${everyHours} hours is ${usd.toFixed(2)} USD of it once the lake has its full age: a search reads ${plural(objects, 'object')} in ${duration(seconds)}.`;
  if (seconds <= secondsPerDay) return [line];
  return [
    line,
    `That is more than the ${duration(secondsPerDay)} which the job has in the 24 hours of X, so it falls behind: lower tweetPipes:forgetEveryHours, or run npx tweet-pipes forget.`,
  ];
}

/** `40 s`, `12 minutes`, `3.5 hours` */
function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
}

function jsonMonth(
  { basis, shards, recordsPerBatch, month, forgetting }: Projection,
  alternatives: Alternative[],
): object {
  const { load, prices, measured } = basis;
  const { usage, records, executions } = measured;
  const { region, dated } = prices;
  return {
    region,
    dated,
    ...load,
    shards,
    recordsPerBatch,
    month,
    forgetting,
    alternatives,
    measured: { records, executions, ...usage },
  };
}
