import { expect, it } from '@jest/globals';
import { TraceSampling } from '../../src/meter/trace-sampling.ts';

it('takes the first request of each second and 5 % of the others', () => {
  const sampling = new TraceSampling();
  expect([0, 400, 999, 1_000, 1_001, 7_500].map((ms) => sampling.sampled(ms))).toEqual([1, 0.05, 0.05, 1, 0.05, 1]);
});
