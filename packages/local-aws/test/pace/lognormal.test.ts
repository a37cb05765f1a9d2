import { expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { drawMs } from '../../src/pace/lognormal.ts';

const draws = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => drawMs({ p50Ms: 8, p99Ms: 40 }, random));
};

it('draws the same values for the same seed, and others for another', () => {
  expect(draws(7, 50)).toEqual(draws(7, 50));
  expect(draws(7, 50)).not.toEqual(draws(8, 50));
});

it('has the percentiles that it is given', () => {
  const sorted = draws(1, 40_000).sort((a, b) => a - b);
  expect(Math.abs((sorted[20_000] ?? 0) / 8 - 1)).toBeLessThan(0.03);
  expect(Math.abs((sorted[39_600] ?? 0) / 40 - 1)).toBeLessThan(0.06);
});

it('is constant if both percentiles are equal', () => {
  expect(drawMs({ p50Ms: 5, p99Ms: 5 }, seededRandom(1))).toBe(5);
});
