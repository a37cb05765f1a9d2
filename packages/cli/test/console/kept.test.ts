import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { Kept } from '../../src/console/views/kept.ts';

it('reads once for callers at the same time, and again when the answer is old', async () => {
  const clock = new ManualClock();
  let readings = 0;
  const kept = new Kept(clock, { keptMs: 1_000 }, async () => ++readings);
  expect(await Promise.all([kept.get(), kept.get()])).toEqual([1, 1]);
  await clock.advance(999);
  expect(await kept.get()).toBe(1);
  await clock.advance(1);
  expect(await kept.get()).toBe(2);
});

it('keeps what took long for longer', async () => {
  const clock = new ManualClock();
  let readings = 0;
  const kept = new Kept(clock, { keptMs: 1_000, timesItsLength: 30 }, async () => {
    await clock.sleep(200);
    return ++readings;
  });
  const first = kept.get();
  await clock.advance(200);
  await first;
  await clock.advance(5_999);
  expect(await kept.get()).toBe(1);
  await clock.advance(1);
  const second = kept.get();
  await clock.advance(200);
  expect(await second).toBe(2);
});

it('keeps what took very long no longer than the bound', async () => {
  const clock = new ManualClock();
  let readings = 0;
  const kept = new Kept(clock, { keptMs: 1_000, timesItsLength: 30, atMostMs: 5_000 }, async () => {
    await clock.sleep(4_000);
    return ++readings;
  });
  const first = kept.get();
  await clock.advance(4_000);
  await first;
  await clock.advance(4_999);
  expect(await kept.get()).toBe(1);
  await clock.advance(1);
  const second = kept.get();
  await clock.advance(4_000);
  expect(await second).toBe(2);
});

it('does not keep a failure', async () => {
  let readings = 0;
  const kept = new Kept(new ManualClock(), { keptMs: 1_000 }, async () => {
    readings += 1;
    if (readings === 1) throw new Error('away');
    return readings;
  });
  await expect(kept.get()).rejects.toThrow('away');
  expect(await kept.get()).toBe(2);
});
