import { describe, expect, it } from '@jest/globals';

import { BackOff, type Trouble } from '@tweet-pipes/producer/sources/twitter/back-off';

/** From https://docs.x.com/x-api/fundamentals/handling-disconnections */
describe('waits between connections', () => {
  const waits = (times: number, trouble: Trouble) => {
    const backOff = new BackOff();
    return Array.from({ length: times }, () => backOff.next(trouble) / 1000);
  };

  it('grow by 250 ms to 16 s after network trouble', () => {
    expect(waits(70, { kind: 'network' })).toEqual(Array.from({ length: 70 }, (_, n) => Math.min(16, (n + 1) / 4)));
  });

  it('double from 5 s to 320 s after HTTP errors', () => {
    expect(waits(9, { kind: 'http' })).toEqual([5, 10, 20, 40, 80, 160, 320, 320, 320]);
  });

  it('double from a minute after a 429, up to the quarter of an hour that a limit counts', () => {
    expect(waits(6, { kind: 'rate' })).toEqual([60, 120, 240, 480, 900, 900]);
  });

  it('last until the reset that X names', () => {
    expect(waits(2, { kind: 'rate', resetInMs: 7_000 })).toEqual([7, 7]);
  });

  it('count each kind by itself, and begin anew when a connection has stood', () => {
    const backOff = new BackOff();
    expect([
      backOff.next({ kind: 'network' }),
      backOff.next({ kind: 'http' }),
      backOff.next({ kind: 'network' }),
    ]).toEqual([250, 5000, 500]);
    backOff.reset();
    expect([backOff.next({ kind: 'network' }), backOff.next({ kind: 'http' })]).toEqual([250, 5000]);
  });
});
