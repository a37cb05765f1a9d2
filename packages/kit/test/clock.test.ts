import { describe, expect, it } from '@jest/globals';
import { FastForwardClock, systemClock } from '../src/clock.ts';

const hourMs = 3_600_000;

describe('FastForwardClock', () => {
  it('is the time of the system and what was skipped', () => {
    const clock = new FastForwardClock();
    const [before, now, after] = [systemClock.now(), clock.now(), systemClock.now()];
    expect(now >= before && now <= after).toBe(true);
    clock.skip(hourMs);
    expect(clock.now() - systemClock.now()).toBeGreaterThan(hourMs - 1_000);
  });

  it('wakes those whose time has come, and leaves the others the rest of theirs', async () => {
    const clock = new FastForwardClock();
    const stop = new AbortController();
    const woken: string[] = [];
    const sleeps = [
      clock.sleep(hourMs).then(() => woken.push('an hour')),
      clock.sleep(hourMs + 20).then(() => woken.push('20 ms more')),
      clock.sleep(2 * hourMs, stop.signal).then(() => woken.push('two hours')),
    ];
    clock.skip(hourMs);
    await sleeps[0];
    await sleeps[1];
    expect(woken).toEqual(['an hour', '20 ms more']);
    stop.abort();
    await sleeps[2];
    expect(woken).toEqual(['an hour', '20 ms more', 'two hours']);
  });
});
