import { createHash } from 'node:crypto';
import { systemClock } from '@tweet-pipes/kit/clock';
import { controlled } from '@tweet-pipes/producer/controlled';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { type GenerateOptions, generateSource } from '@tweet-pipes/producer/sources/generate';

export type RecordForm = 'compact' | 'raw';

/** Tweets that are all new: each is stored, so that what was written can be compared between ways to write it. */
const onlyNew = { duplicates: 0, deletions: 0, malformed: 0 } satisfies GenerateOptions;

/**
 * As many new tweets for each shard of a fresh stream as the others get, so that with a multiple of the batch size no
 * batch waits to be filled. The same options give the same records.
 */
export async function tweetsForShards(options: {
  form: RecordForm;
  seed: number;
  shards: number;
  perShard: number;
  generate?: GenerateOptions;
}): Promise<StreamRecord[]> {
  const { form, seed, shards, perShard } = options;
  const source = controlled(generateSource({ ...onlyNew, ...options.generate, seed }), {
    clock: systemClock,
    isRaw: form === 'raw',
  });
  const counts = Array.from({ length: shards }, () => 0);
  const chosen: StreamRecord[] = [];
  for await (const record of source.records()) {
    const shard = shardOf(record.partitionKey, shards);
    if (counts[shard] === perShard) continue;
    counts[shard] = (counts[shard] ?? 0) + 1;
    chosen.push(record);
    if (chosen.length === shards * perShard) break;
  }
  return chosen;
}

/**
 * Which of a fresh stream's shards a key falls to: they share the range of MD5 evenly.
 * https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html
 */
export function shardOf(partitionKey: string, shards: number): number {
  const hash = createHash('md5').update(partitionKey).digest('hex');
  return Number((BigInt(`0x${hash}`) * BigInt(shards)) >> 128n);
}
