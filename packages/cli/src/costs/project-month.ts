import { controlled } from '@tweet-pipes/producer/controlled';
import type { Source } from '@tweet-pipes/producer/record';
import { fileSource } from '@tweet-pipes/producer/sources/file';
import { generateSource } from '@tweet-pipes/producer/sources/generate';
import type { Config } from '../../../../infra/config.ts';
import { CliError } from '../cli-error.ts';
import { underWay } from '../explain.ts';
import { dataSize, plural, type Terminal, thousands } from '../terminal/terminal.ts';
import { type Alternative, alternativesTo, type MonthBasis } from './alternatives.ts';
import type { Bill } from './bill.ts';
import { onDemandShards, recordsPerBatch } from './capacity.ts';
import { measureUsage } from './measure-usage.ts';
import { monthOf } from './month.ts';
import { SECONDS_PER_MONTH } from './month-length.ts';
import { readPriceList } from './price-list.ts';
import { priceNote, printBill } from './print-bill.ts';
import { configOf } from './run-bill.ts';

/** What `cost` can be told. */
export interface CostFlags {
  rate: number;
  sample?: string[];
  records: number;
  raw?: true;
  context: Record<string, string>;
  json?: true;
}

/** One execution of a full batch on AWS, roughly: docs/scale.md. Only streams that outrun their window depend on it. */
const EXECUTION_SECONDS = 0.3;
/** Of a record, until a first run has shown it. */
const ASSUMED_BYTES = 500;
/** The window that is tried as a way to fuller batches. */
const LONG_WINDOW_SECONDS = 10;

/** A month at this rate: how the records come in batches, and what that costs. */
interface Projection {
  basis: MonthBasis;
  shards: number;
  batch: number;
  month: Bill;
}

/** Measures a sample and prints the month that follows from it. Throws CliError. */
export async function cost(flags: CostFlags, terminal: Terminal): Promise<void> {
  const config = await configOf(flags.context);
  if (flags.sample?.includes('-')) {
    throw new CliError('Standard input (-) cannot be read twice, so --sample needs files.');
  }
  // Read from its start by each run.
  const source = await sampleOf(flags, terminal);
  const { now, longer } = await underWay(terminal, async () => {
    terminal.err(`Running ${plural(flags.records, 'record')} in a temporary folder to see what they use …`);
    const first = await project(source, flags, config, terminal, ASSUMED_BYTES);
    const tried = { ...config, ingestBatchWindowSeconds: LONG_WINDOW_SECONDS };
    if (config.ingestBatchWindowSeconds >= LONG_WINDOW_SECONDS || first.batch >= config.ingestBatchSize) {
      return { now: first, longer: undefined };
    }
    terminal.err(`And with batches that gather for ${LONG_WINDOW_SECONDS} s …`);
    return { now: first, longer: await project(source, flags, tried, terminal, first.basis.load.bytesPerRecord) };
  });
  const alternatives = alternativesTo(now.basis);
  if (longer !== undefined && longer.month.usd < now.month.usd) {
    alternatives.push({
      option: `tweetPipes:ingestBatchWindowSeconds=${LONG_WINDOW_SECONDS}`,
      price: `counts are up to ${LONG_WINDOW_SECONDS} s old; ${longer.batch.toFixed(0)} records a batch`,
      usd: longer.month.usd,
    });
    alternatives.sort((a, b) => a.usd - b.usd);
  }
  if (flags.json) terminal.out(JSON.stringify(json(now, alternatives)));
  else print(now, alternatives, terminal);
}

async function project(
  source: Source,
  flags: CostFlags,
  config: Config,
  terminal: Terminal,
  guessedBytes: number,
): Promise<Projection> {
  const batching = {
    batchSize: config.ingestBatchSize,
    windowSeconds: config.ingestBatchWindowSeconds,
    executionSeconds: EXECUTION_SECONDS,
  };
  const shardsAt = (bytesPerRecord: number) =>
    config.shards === 'on-demand' ? onDemandShards({ recordsPerSecond: flags.rate, bytesPerRecord }) : config.shards;
  const batch = recordsPerBatch(flags.rate / shardsAt(guessedBytes), batching);
  const measured = await measureUsage(source, contextFor(flags, batch), terminal);
  const bytesPerRecord = measured.recordBytes / measured.records;
  const load = { recordsPerSecond: flags.rate, bytesPerRecord };
  const basis = { measured, load, template: measured.template, config, prices: readPriceList() };
  return { basis, shards: shardsAt(bytesPerRecord), batch, month: monthOf(measured, flags.rate, basis) };
}

/** One shard, so that all batches but one are full. */
function contextFor({ context }: CostFlags, batch: number): Record<string, string> {
  return {
    ...context,
    'tweetPipes:shards': '1',
    'tweetPipes:ingestBatchSize': String(Math.max(1, Math.round(batch))),
  };
}

async function sampleOf({ sample, records, raw }: CostFlags, terminal: Terminal): Promise<Source> {
  const source = sample === undefined ? generateSource() : await fileSource(sample, terminal.stdin);
  return controlled(source, { clock: terminal.clock, limit: records, isRaw: raw === true });
}

function print({ basis, shards, batch, month }: Projection, alternatives: Alternative[], terminal: Terminal): void {
  const { load, measured, prices } = basis;
  const perMonth = thousands(Math.round((load.recordsPerSecond * SECONDS_PER_MONTH) / 1e6));
  terminal.out(
    terminal.bold(
      `A month at ${load.recordsPerSecond} records a second, ${perMonth} million records (${priceNote(prices)})`,
    ),
  );
  terminal.out(
    `${dataSize(Math.round(load.bytesPerRecord))} a record, ${plural(shards, 'shard')}, ${batch.toFixed(1)} records a batch; measured with ${plural(measured.records, 'record')}.`,
  );
  printBill(terminal, month);
  const [first] = month.lines;
  if (first !== undefined) {
    terminal.out(`${first.label} is ${((first.usd / month.usd) * 100).toFixed(0)} % of it.`);
  }
  if (alternatives.length === 0) return;
  terminal.out('');
  terminal.out(terminal.bold('Options that lower it, each by itself'));
  for (const { option, price, usd } of alternatives) {
    const saved = month.usd - usd;
    terminal.out(`  -c ${option.padEnd(42)} ${`-${saved.toFixed(2)}`.padStart(10)} USD: ${price}`);
  }
}

function json({ basis, shards, batch, month }: Projection, alternatives: Alternative[]): object {
  const { load, prices, measured } = basis;
  const { usage, records, executions } = measured;
  const { region, dated } = prices;
  return {
    region,
    dated,
    ...load,
    shards,
    recordsPerBatch: batch,
    month,
    alternatives,
    measured: { records, executions, ...usage },
  };
}
