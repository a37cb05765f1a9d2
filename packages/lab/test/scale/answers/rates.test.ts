import { expect, it } from '@jest/globals';
import { byRate } from '../../../src/scale/answers/rates.ts';

it('chooses shards, items of counters and warm tables that hold a rate, and prices what it chose', () => {
  const price = ({ shards, counterItems }: { shards: number; counterItems: number }) => ({
    usd: 1_000 * shards + counterItems,
    usdWithoutLog: shards,
  });
  const rows = byRate({}, price, [1_000, 20_000]);
  expect(rows).toMatchObject([
    { tweetsPerSecond: 1_000, shards: 2, counterItems: 1, warmThroughput: undefined, keepsUp: true, quotas: [] },
    { tweetsPerSecond: 20_000, shards: 29, counterItems: 2, warmThroughput: 24_000, keepsUp: true },
  ]);
  expect(rows.map(({ usd, usdOfOneItem }) => [usd, usdOfOneItem])).toEqual([
    [2_001, 2_001],
    [29_002, 29_001],
  ]);
  for (const { tweetsPerSecond, next, quotas } of rows) {
    expect(next?.tweetsPerSecond).toBeGreaterThan(tweetsPerSecond);
    for (const quota of quotas) expect(quota.tweetsPerSecond).toBeLessThanOrEqual(tweetsPerSecond);
  }
});
