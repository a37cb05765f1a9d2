import { describe, expect, it } from '@jest/globals';

import { CallsInFlight } from '@tweet-pipes/producer/calls-in-flight';

describe('the number of calls in flight', () => {
  it('halves at each throttled round, not at each throttled call, down to one', () => {
    const calls = new CallsInFlight(8);
    const round = calls.round;
    for (let call = 0; call < 8; call += 1) calls.answered(round, true);
    expect(calls.limit).toBe(4);
    for (let times = 0; times < 10; times += 1) calls.answered(calls.round, true);
    expect(calls.limit).toBe(1);
  });

  it('grows by one with each round of accepted calls, up to its maximum', () => {
    const calls = new CallsInFlight(4);
    calls.answered(calls.round, true);
    expect(calls.limit).toBe(2);
    for (let call = 0; call < 3; call += 1) calls.answered(calls.round, false);
    expect(calls.limit).toBe(3);
    for (let call = 0; call < 100; call += 1) calls.answered(calls.round, false);
    expect(calls.limit).toBe(4);
  });
});
