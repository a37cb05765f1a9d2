import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plural } from '@tweet-pipes/kit/wording';
import type { Source } from '@tweet-pipes/producer/record';
import { underWay } from '../explain.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Alternative, alternativesTo, type MonthBasis } from './alternatives.ts';
import { type Bill, makeBill } from './bill.ts';
import { type Load, recordsPerBatch, shardsUnder } from './capacity.ts';
import { type ForgettingMonth, forgettingFor } from './forgetting.ts';
import { measureUsage } from './measure-usage.ts';
import { monthOf } from './month.ts';
import { readPriceList } from './price-list.ts';
import { readSample, type Sample } from './sample.ts';
import type { AppFacts, PipelineFacts } from './stack-facts.ts';
import { synthesizeFacts } from './synthesize-facts.ts';

/** Duration of an execution of a full batch on AWS, roughly (docs/scale.md). Decides only about short windows. */
const EXECUTION_SECONDS = 0.3;
/** How much of a sample is run where batches are small: an execution takes as long as on AWS. */
const [ENOUGH_EXECUTIONS, FEWEST_RECORDS] = [120, 200];
/** The window that is tried as a way to fuller batches. */
const LONG_WINDOW_SECONDS = 10;

/** What is projected. */
export interface ProjectionRequest {
  recordsPerSecond: number;
  /** Whether to run all records of the source, or only as many as suffice where batches are small. */
  runsAll: boolean;
  /** Context options of the stacks. */
  context: Readonly<Record<string, string>>;
  /** Names of the stacks. Undefined: all of the app. */
  stacks?: readonly string[];
}

/** A month at this rate: how the records come in batches, and what that costs. */
export interface Projection {
  basis: MonthBasis;
  shards: number;
  recordsPerBatch: number;
  month: Bill;
  /** What of the month forgetting deleted tweets is; undefined where there is no job. */
  forgetting: (Omit<ForgettingMonth, 'counted'> & { usd: number }) | undefined;
}

/**
 * Measures a sample on this machine and projects a month from it, with the alternatives that lower it. Throws CliError:
 * exit code 1 when the stack cannot be synthesized or the sample is empty, 2 when a record did not get through.
 */
export async function projectMonth(
  source: Source,
  { recordsPerSecond, runsAll, context, stacks }: ProjectionRequest,
  terminal: Terminal,
): Promise<{ projection: Projection; alternatives: Alternative[] }> {
  terminal.err('Synthesizing the stacks …');
  const assemblyFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-cost-stack-'));
  try {
    const facts = await synthesizeFacts(context, assemblyFolder, stacks);
    const sample = await readSample(source, terminal.interruptible());
    const load = { recordsPerSecond, bytesPerRecord: sample.bytesPerRecord };
    return await underWay(terminal, () => project({ assemblyFolder, facts, sample, runsAll, load }, terminal));
  } finally {
    await rm(assemblyFolder, { recursive: true, force: true });
  }
}

interface Given {
  assemblyFolder: string;
  facts: AppFacts;
  sample: Sample;
  runsAll: boolean;
  load: Load;
}

async function project(given: Given, terminal: Terminal) {
  const projection = await measureMonth(given, terminal);
  const alternatives = alternativesTo(projection.basis);
  if (canGatherLonger(given.facts.pipeline, projection)) {
    const pipeline = { ...given.facts.pipeline, ingestBatchWindowSeconds: LONG_WINDOW_SECONDS };
    const longer = await measureMonth({ ...given, facts: { ...given.facts, pipeline } }, terminal);
    alternatives.push({
      option: `tweetPipes:ingestBatchWindowSeconds=${LONG_WINDOW_SECONDS}`,
      tradeOff: `counts are up to ${LONG_WINDOW_SECONDS} s old; ${longer.recordsPerBatch.toFixed(0)} records a batch`,
      usd: longer.month.usd,
    });
  }
  const cheaper = alternatives.filter(({ usd }) => usd < projection.month.usd).sort((a, b) => a.usd - b.usd);
  return { projection, alternatives: cheaper };
}

function canGatherLonger(pipeline: PipelineFacts, { recordsPerBatch }: Projection): boolean {
  return pipeline.ingestBatchWindowSeconds < LONG_WINDOW_SECONDS && recordsPerBatch < pipeline.ingestBatchSize;
}

async function measureMonth(given: Given, terminal: Terminal): Promise<Projection> {
  const { assemblyFolder, facts, sample, load } = given;
  const { stream, ingestBatchSize, ingestBatchWindowSeconds } = facts.pipeline;
  const shards = shardsUnder(load, stream.shards);
  const batch = recordsPerBatch(load.recordsPerSecond / shards, {
    batchSize: ingestBatchSize,
    windowSeconds: ingestBatchWindowSeconds,
    executionSeconds: EXECUTION_SECONDS,
  });
  const batchSize = Math.max(1, Math.round(batch));
  const enough = given.runsAll ? sample.records.length : Math.max(FEWEST_RECORDS, ENOUGH_EXECUTIONS * batchSize);
  const records = sample.records.slice(0, enough);
  terminal.err(
    `Running ${plural(records.length, 'record')} in batches of ${batchSize}, as with a window of ${ingestBatchWindowSeconds} s …`,
  );
  const stacks = Object.keys(facts.stacks);
  const measured = await measureUsage({ assemblyFolder, stacks, core: facts.core, records, batchSize }, terminal);
  const basis = { measured, load, facts, prices: readPriceList() };
  const month = monthOf(measured, load, basis);
  return { basis, shards, recordsPerBatch: batch, month, forgetting: forgettingIn(basis) };
}

function forgettingIn({ measured, load, facts, prices }: MonthBasis): Projection['forgetting'] {
  const forgetting = forgettingFor(measured, load, facts);
  if (forgetting === undefined) return undefined;
  const { counted, ...month } = forgetting;
  return { ...month, usd: makeBill(counted, prices).usd };
}
