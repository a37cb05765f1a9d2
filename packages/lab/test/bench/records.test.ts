import { expect, it } from '@jest/globals';

import { shardOf, tweetsForShards } from '../../src/bench/records.ts';

it.each([
  // MD5 of these keys: 0cc175b9…, 92eb5ffe…, 4a8a08f0…, 8277e091….
  ['a', 0],
  ['b', 2],
  ['c', 1],
  ['d', 2],
])('puts %s into shard %d of four', (partitionKey, expected) => {
  expect(shardOf(partitionKey, 4)).toBe(expected);
});

it('gives each shard as many tweets, all of them new', async () => {
  const records = await tweetsForShards({ form: 'compact', seed: 1, shards: 4, perShard: 25 });

  const shards = Map.groupBy(records, ({ partitionKey }) => shardOf(partitionKey, 4));
  expect([...shards.values()].map((some) => some.length)).toEqual([25, 25, 25, 25]);
  expect(new Set(records.map(({ partitionKey }) => partitionKey)).size).toBe(100);
});
