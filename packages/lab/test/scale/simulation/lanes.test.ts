import { expect, it } from '@jest/globals';
import { untilAllDone } from '../../../src/scale/simulation/lanes.ts';

it.each([
  [[], 3, 0],
  [[5], 3, 5],
  [[4, 4, 4, 4], 2, 8],
  [[10, 1, 1, 1], 2, 10],
  [[1, 2, 3], 40, 3],
])('%j in %i lanes take %i', (times, lanes, expected) => {
  expect(untilAllDone(times.length, lanes, (item) => times[item] ?? 0)).toBe(expected);
});
