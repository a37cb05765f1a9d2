import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { slowMotion } from '../../src/pace/slow-motion.ts';

it('advances by a tenth of the time that passes since its creation', async () => {
  const wall = new ManualClock();
  const startMs = wall.now();
  const slow = slowMotion(wall, 10);
  expect(slow.now()).toBe(startMs);
  await wall.advance(5_000);
  expect(slow.now()).toBe(startMs + 500);
});

it('shows whole milliseconds', async () => {
  const wall = new ManualClock();
  const slow = slowMotion(wall, 3);
  await wall.advance(100);
  expect(Number.isInteger(slow.now())).toBe(true);
});

it('sleeps ten times as long, and wakes at once when the signal aborts', async () => {
  const wall = new ManualClock();
  const slow = slowMotion(wall, 10);
  let woken = 0;
  const stop = new AbortController();
  void slow.sleep(100).then(() => (woken += 1));
  void slow.sleep(100_000, stop.signal).then(() => (woken += 1));
  await wall.advance(999);
  expect(woken).toBe(0);
  await wall.advance(1);
  expect(woken).toBe(1);
  stop.abort();
  await wall.advance(0);
  expect(woken).toBe(2);
});
