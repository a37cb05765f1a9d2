import { expect, it } from '@jest/globals';
import { shardOfKey } from '@tweet-pipes/cli/costs/full-batches';
import { tweetsForShards } from '../../src/bench/records.ts';

it('gives each shard as many tweets, all of them new', async () => {
  const records = await tweetsForShards({ form: 'compact', seed: 1, shards: 4, perShard: 25 });

  const shards = Map.groupBy(records, ({ partitionKey }) => shardOfKey(partitionKey, 4));
  expect([...shards.values()].map((some) => some.length)).toEqual([25, 25, 25, 25]);
  expect(new Set(records.map(({ partitionKey }) => partitionKey)).size).toBe(100);
});
