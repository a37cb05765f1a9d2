import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { Backlog } from './long-run/backlog.ts';
import { type BenchStack, startIngest, stopIngest } from './stack.ts';

/** Resolution of the end of a drain, and the time without progress after which it is stuck; milliseconds. */
const [lookMs, stuckMs] = [10, 60_000];

/** A record with its position in the stream. */
export interface LandedRecord {
  record: StreamRecord;
  shardId: string;
  sequenceNumber: string;
}

export interface Drained {
  /** Milliseconds until the checkpoint of the ingest pipe reached the last record. */
  milliseconds: number;
  landed: LandedRecord[];
}

/**
 * Puts the records while the ingest pipe is stopped, and times from its start, which excludes the producer.
 * `beforeStart` is called in between.
 */
export async function drainWaiting(
  stack: BenchStack,
  records: readonly StreamRecord[],
  signal: AbortSignal,
  beforeStart = async () => {},
): Promise<Drained> {
  await stopIngest(stack);
  const { landed, backlog } = await put(stack, records);
  await beforeStart();
  const startMs = performance.now();
  await startIngest(stack);
  await drained(stack, backlog, signal);
  return { milliseconds: performance.now() - startMs, landed };
}

/** Puts the records while the ingest pipe runs, and times from the first call. */
export async function drainFlowing(
  stack: BenchStack,
  records: readonly StreamRecord[],
  signal: AbortSignal,
): Promise<Drained> {
  const startMs = performance.now();
  const { landed, backlog } = await put(stack, records);
  await drained(stack, backlog, signal);
  return { milliseconds: performance.now() - startMs, landed };
}

async function put({ clients, outputs, dataFolder }: BenchStack, records: readonly StreamRecord[]) {
  const backlog = new Backlog(dataFolder, outputs.IngestPipeName);
  const landed: LandedRecord[] = [];
  await writeRecords(records, {
    client: clients.kinesis,
    streamName: outputs.TweetStreamName,
    clock: systemClock,
    random: systemRandom,
    onLanded(record, { shardId, sequenceNumber }) {
      backlog.landed(shardId, sequenceNumber);
      landed.push({ record, shardId, sequenceNumber });
    },
  });
  if (landed.length !== records.length) throw new Error(`Only ${landed.length} of ${records.length} records landed.`);
  return { landed, backlog };
}

async function drained({ runtime }: BenchStack, backlog: Backlog, signal: AbortSignal): Promise<void> {
  let [done, movedMs] = [0, performance.now()];
  for (;;) {
    const now = await backlog.look();
    if (backlog.size === 0) return;
    if (now > done) [done, movedMs] = [now, performance.now()];
    const failure = runtime.failure();
    if (failure !== undefined) throw new Error(`The runtime exited by itself: ${failure}`);
    if (performance.now() - movedMs > stuckMs) throw new Error(`No progress for ${stuckMs / 1000} s.`);
    signal.throwIfAborted();
    await sleep(lookMs);
  }
}

/** The smallest number of records, at least `least`, that makes only full batches in every shard. */
export function fullBatches(least: number, batchSize: number, shards = 1): number {
  return Math.ceil(least / (batchSize * shards)) * batchSize * shards;
}

/** The records of each shard, in order. */
export function byShard(landed: readonly LandedRecord[]): LandedRecord[][] {
  const shards = Map.groupBy(landed, ({ shardId }) => shardId);
  return [...shards.values()].map((records) =>
    records.toSorted((a, b) => (BigInt(a.sequenceNumber) < BigInt(b.sequenceNumber) ? -1 : 1)),
  );
}

/** The batches of a pipe with this batch size, by shard, in order. */
export function batchesOf(landed: readonly LandedRecord[], batchSize: number): LandedRecord[][][] {
  return byShard(landed).map((records) => {
    const batches: LandedRecord[][] = [];
    for (let at = 0; at < records.length; at += batchSize) batches.push(records.slice(at, at + batchSize));
    return batches;
  });
}
