import { describe, expect, it } from '@jest/globals';
import { fullBatches, shardOfKey } from '../../src/costs/full-batches.ts';

it.each([
  // MD5 of these keys: 0cc175b9…, 92eb5ffe…, 4a8a08f0…, 8277e091….
  ['a', 0],
  ['b', 2],
  ['c', 1],
  ['d', 2],
])('puts %s into shard %d of four', (partitionKey, expected) => {
  expect(shardOfKey(partitionKey, 4)).toBe(expected);
});

describe('full batches', () => {
  const records = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ partitionKey: `${index}`, data: Buffer.from('{}') }));

  it.each([
    // At least eight batches a shard, and at most eight shards.
    [1_000, 1, 8],
    [1_000, 14, 8],
    [1_000, 25, 5],
    [1_000, 50, 2],
    [1_000, 100, 1],
    [100, 400, 1],
  ])('of %i records in batches of %i run on %i shards', (count, batchSize, shards) => {
    expect(fullBatches(records(count), batchSize).shards).toBe(shards);
  });

  it.each([[1], [14], [20], [100], [999]])('leave out only what would make a smaller one, of %i', (batchSize) => {
    const given = records(1_000);
    const run = fullBatches(given, batchSize);
    const shards = Map.groupBy(run.records, ({ partitionKey }) => shardOfKey(partitionKey, run.shards));
    for (const some of shards.values()) expect(some.length % batchSize).toBe(0);
    expect(run.batches).toBe(run.records.length / batchSize);
    expect(given.length - run.records.length).toBeLessThan(run.shards * batchSize);
    expect(run.records).toEqual(given.filter((record) => run.records.includes(record)));
  });

  it('are one smaller batch of all records where there are too few', () => {
    const given = records(100);
    expect(fullBatches(given, 400)).toEqual({ shards: 1, records: given, batches: 1, areFull: false });
  });
});
