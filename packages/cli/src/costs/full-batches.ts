import { createHash } from 'node:crypto';
import type { StreamRecord } from '@tweet-pipes/producer/record';

/** Shards work at the same time, and wait for AWS's latencies, so more of them make a run shorter. */
const MOST_SHARDS = 8;
/** Batches of a shard, at least, so that few records are left out. */
const LEAST_BATCHES = 8;

/** What to put on a stream of this number of shards to make full batches only. */
export interface FullBatches<R extends StreamRecord> {
  shards: number;
  records: R[];
  batches: number;
  /** False for a single batch that is smaller. */
  areFull: boolean;
}

/**
 * Chooses shards, and the records that fill batches of `batchSize`. Records at the end that would make a smaller batch
 * are left out, unless no shard has a full one.
 */
export function fullBatches<R extends StreamRecord>(records: readonly R[], batchSize: number): FullBatches<R> {
  const shards = Math.max(1, Math.min(MOST_SHARDS, Math.floor(records.length / batchSize / LEAST_BATCHES)));
  const shardOfEach = records.map(({ partitionKey }) => shardOfKey(partitionKey, shards));
  const left = Array.from({ length: shards }, () => 0);
  for (const shard of shardOfEach) left[shard] = (left[shard] ?? 0) + 1;
  const room = left.map((count) => count - (count % batchSize));
  const chosen = records.filter((_, index) => {
    const shard = shardOfEach[index] ?? 0;
    const isRoom = (room[shard] ?? 0) > 0;
    room[shard] = (room[shard] ?? 0) - 1;
    return isRoom;
  });
  if (chosen.length === 0) return { shards: 1, records: [...records], batches: 1, areFull: false };
  return { shards, records: chosen, batches: chosen.length / batchSize, areFull: true };
}

/**
 * The shard of a key in a new stream, whose shards divide the range of MD5 evenly.
 * https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html
 */
export function shardOfKey(partitionKey: string, shards: number): number {
  const hash = createHash('md5').update(partitionKey).digest('hex');
  return Number((BigInt(`0x${hash}`) * BigInt(shards)) >> 128n);
}
