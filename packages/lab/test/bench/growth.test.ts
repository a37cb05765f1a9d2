import { expect, it } from '@jest/globals';

import { stepsUpTo } from '../../src/bench/growth.ts';

it.each([
  [1_000, [1_000]],
  [10_000, [1_000, 3_000, 10_000]],
  [25_000, [1_000, 3_000, 10_000, 25_000]],
  [1_000_000, [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]],
])('grows to %d by %j', (last, expected) => {
  expect(stepsUpTo(last)).toEqual(expected);
});
