import type { Source } from '@tweet-pipes/producer/record';
import { underWay } from '../explain.ts';
import { plural, type Terminal } from '../terminal/terminal.ts';
import { type Alternative, alternativesTo, type MonthBasis } from './alternatives.ts';
import type { Bill } from './bill.ts';
import { onDemandShards, recordsPerBatch } from './capacity.ts';
import { measureUsage } from './measure-usage.ts';
import { monthOf } from './month.ts';
import { readPriceList } from './price-list.ts';
import type { StackFacts } from './stack-facts.ts';
import { synthesizeFacts } from './synthesize-facts.ts';

/** Duration of an execution of a full batch on AWS, roughly (docs/scale.md). Decides only about short windows. */
const EXECUTION_SECONDS = 0.3;
/** Bytes of a record, until a first run has measured them. */
const ASSUMED_BYTES = 500;
/** The window that is tried as a way to fuller batches. */
const LONG_WINDOW_SECONDS = 10;

/** What is projected. */
export interface ProjectionRequest {
  recordsPerSecond: number;
  /** Context options of the stack. */
  context: Readonly<Record<string, string>>;
  /** Records in the source. */
  records: number;
}

/** A month at this rate: how the records come in batches, and what that costs. */
export interface Projection {
  basis: MonthBasis;
  shards: number;
  recordsPerBatch: number;
  month: Bill;
}

/**
 * Measures a sample on this machine and projects a month from it, with the alternatives that lower it. Reads the source
 * from its start up to twice. Throws CliError: exit code 1 when the stack cannot be synthesized, 2 when a record did
 * not get through.
 */
export async function projectMonth(
  source: Source,
  request: ProjectionRequest,
  terminal: Terminal,
): Promise<{ projection: Projection; alternatives: Alternative[] }> {
  terminal.err('Synthesizing the stack …');
  const facts = await synthesizeFacts(request.context);
  return underWay(terminal, async () => {
    terminal.err(`Running ${plural(request.records, 'record')} in a temporary folder to see what they use …`);
    const projection = await project(source, request, facts, ASSUMED_BYTES, terminal);
    const alternatives = alternativesTo(projection.basis);
    const longer = await projectLongWindow(source, request, projection, terminal);
    if (longer !== undefined && longer.month.usd < projection.month.usd) {
      alternatives.push({
        option: `tweetPipes:ingestBatchWindowSeconds=${LONG_WINDOW_SECONDS}`,
        tradeOff: `counts are up to ${LONG_WINDOW_SECONDS} s old; ${longer.recordsPerBatch.toFixed(0)} records a batch`,
        usd: longer.month.usd,
      });
      alternatives.sort((a, b) => a.usd - b.usd);
    }
    return { projection, alternatives };
  });
}

/** The same month with a long window; undefined where batches are full, or the window is as long, already. */
async function projectLongWindow(
  source: Source,
  request: ProjectionRequest,
  { basis: { facts, load }, recordsPerBatch }: Projection,
  terminal: Terminal,
): Promise<Projection | undefined> {
  if (facts.ingestBatchWindowSeconds >= LONG_WINDOW_SECONDS || recordsPerBatch >= facts.ingestBatchSize) {
    return undefined;
  }
  terminal.err(`And with batches that gather for ${LONG_WINDOW_SECONDS} s …`);
  const changed = { ...facts, ingestBatchWindowSeconds: LONG_WINDOW_SECONDS };
  return project(source, request, changed, load.bytesPerRecord, terminal);
}

async function project(
  source: Source,
  { recordsPerSecond, context }: ProjectionRequest,
  facts: StackFacts,
  assumedBytes: number,
  terminal: Terminal,
): Promise<Projection> {
  const batching = {
    batchSize: facts.ingestBatchSize,
    windowSeconds: facts.ingestBatchWindowSeconds,
    executionSeconds: EXECUTION_SECONDS,
  };
  const shardsAt = (bytesPerRecord: number) =>
    facts.shards === 'on-demand' ? onDemandShards({ recordsPerSecond, bytesPerRecord }) : facts.shards;
  const batch = recordsPerBatch(recordsPerSecond / shardsAt(assumedBytes), batching);
  const measured = await measureUsage(source, measuringContext(context, batch), terminal);
  const bytesPerRecord = measured.recordBytes / measured.records;
  const basis = { measured, load: { recordsPerSecond, bytesPerRecord }, facts, prices: readPriceList() };
  const month = monthOf(measured, recordsPerSecond, basis);
  return { basis, shards: shardsAt(bytesPerRecord), recordsPerBatch: batch, month };
}

/** The user's options with one shard, so that all batches but the last are full, and with batches of this size. */
function measuringContext(context: Readonly<Record<string, string>>, batch: number): Record<string, string> {
  return {
    ...context,
    'tweetPipes:shards': '1',
    'tweetPipes:ingestBatchSize': String(Math.max(1, Math.round(batch))),
  };
}
