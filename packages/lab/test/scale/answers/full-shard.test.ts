import { expect, it } from '@jest/globals';
import { fullShard } from '../../../src/scale/answers/full-shard.ts';
import { COMPACT_BYTES, RAW_BYTES } from '../../../src/scale/simulation/scenario.ts';

it('keeps up with a full shard of compact or raw tweets at the default options', () => {
  const [compact, raw] = fullShard({}, [COMPACT_BYTES, RAW_BYTES]);
  expect(compact).toMatchObject({ recordsPerSecond: 1_000, refusedShare: 0, keepsUp: true });
  expect(compact?.utilisation).toBeLessThan(0.8);
  expect(compact?.capacity.same).toBeGreaterThan(1_250);
  expect(compact?.ageP99Ms).toBeLessThan(5_000);
  // 320 are refused, both halves too, and four parts of 80 fit.
  expect(raw).toMatchObject({ recordsPerSecond: 339, recordsPerExecution: 80, keepsUp: true });
  expect(raw?.refusedShare).toBeCloseTo(3 / 7, 2);
  expect(raw?.ageP99Ms).toBeLessThan(5_000);
});
