import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from '../../src/pace/token-bucket.ts';

it('starts full, empties, and refills at its rate up to its capacity', () => {
  const bucket = new TokenBucket(1_000, 0);
  expect(bucket.tryTake(1_000, 0)).toBe(true);
  expect(bucket.tryTake(1, 0)).toBe(false);
  expect(bucket.level(500)).toBe(500);
  expect(bucket.tryTake(501, 500)).toBe(false);
  expect(bucket.level(60_000)).toBe(1_000);
});

it('may fall below zero, and admits nothing until it has recovered', () => {
  const bucket = new TokenBucket(1_000, 0);
  bucket.take(3_000, 0);
  expect(bucket.level(1_000)).toBe(-1_000);
  expect(bucket.tryTake(1, 2_000)).toBe(false);
  expect(bucket.tryTake(1, 2_001)).toBe(true);
});

it('admits a call larger than the capacity when it is full', () => {
  const bucket = new TokenBucket(10, 0);
  expect(bucket.tryTake(25, 0)).toBe(true);
  expect(bucket.tryTake(25, 2_000)).toBe(false);
  expect(bucket.tryTake(25, 2_500)).toBe(true);
});

it('never serves more than its capacity and its rate times the time', () => {
  const calls = fc.array(
    fc.record({ gapMs: fc.integer({ min: 0, max: 400 }), units: fc.integer({ min: 1, max: 300 }) }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(calls, (given) => {
      const bucket = new TokenBucket(500, 0);
      let [nowMs, served] = [0, 0];
      for (const { gapMs, units } of given) {
        nowMs += gapMs;
        if (bucket.tryTake(units, nowMs)) served += units;
        expect(served).toBeLessThanOrEqual(500 + (nowMs / 1000) * 500 + 1e-6);
      }
    }),
  );
});
