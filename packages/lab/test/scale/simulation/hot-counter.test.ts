import { expect, it } from '@jest/globals';
import { COUNTER_BYTES, markBytes } from '@tweet-pipes/cli/costs/counter-units';
import { HotCounter } from '../../../src/scale/simulation/hot-counter.ts';

it.each([
  [0, 61],
  [35, 61],
  [36, 62],
  [1_295, 62],
  [1_296, 63],
])(
  'gives shard %i a high-water mark of %i bytes: its name, s and the number in base 36, and 59 digits',
  (shard, bytes) => {
    expect(markBytes(shard)).toBe(bytes);
  },
);

it('grows by one high-water mark for each shard, once, and costs a unit more for each KB', () => {
  const counter = new HotCounter(1_000, 0);
  for (let shard = 0; shard < 20; shard += 1) {
    counter.update(shard, 0);
    counter.update(shard, 0);
  }
  expect(counter.bytes).toBe(COUNTER_BYTES + 20 * 61);
  expect(counter.units).toBe(2);
  expect(counter.updates).toBe(40);
});

it('does not grow by what is throttled', () => {
  const counter = new HotCounter(1, 0);
  expect([counter.update(0, 0), counter.update(1, 0), counter.update(1, 1_000)]).toEqual([true, false, true]);
  expect(counter.throttles).toBe(1);
});
