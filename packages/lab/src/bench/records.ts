import { shardOfKey } from '@tweet-pipes/cli/costs/full-batches';
import { systemClock } from '@tweet-pipes/kit/clock';
import { controlled } from '@tweet-pipes/producer/controlled';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { type GenerateOptions, generateSource } from '@tweet-pipes/producer/sources/generate';

/** `raw`: as generated; `compact`: with only what the pipeline uses. */
export type RecordForm = 'compact' | 'raw';

/** New tweets only: each is stored, so that different ways to write them are comparable. */
const onlyNew = { duplicates: 0, deletions: 0, malformed: 0 } satisfies GenerateOptions;

/**
 * The same number of new tweets for each shard of a new stream, so that with a multiple of the batch size all batches
 * are full. The same options give the same records.
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
    const shard = shardOfKey(record.partitionKey, shards);
    if (counts[shard] === perShard) continue;
    counts[shard] = (counts[shard] ?? 0) + 1;
    chosen.push(record);
    if (chosen.length === shards * perShard) break;
  }
  return chosen;
}
