import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import { StateError } from '../../../src/states/errors.ts';
import { matchesError, retryDelayMs } from '../../../src/states/interpreter/retry.ts';
import { runStates, task } from '../fixture.ts';
import delays from './cases/delays.json' with { type: 'json' };
import matching from './cases/matching.json' with { type: 'json' };

/**
 * Runs one task that fails with each of `errors` in turn, then succeeds; tells when it was called, in seconds after the
 * start.
 */
async function callTimes(members: Record<string, unknown>, errors: readonly string[]) {
  const clock = new ManualClock();
  const startMs = clock.now();
  const calledSeconds: number[] = [];
  const execution = runStates(
    {
      T: task({ ...members, Output: '{% $states.context.State.RetryCount %}', Next: 'Done' }),
      Done: { Type: 'Succeed' },
    },
    {
      clock,
      runTask: async () => {
        const error = errors[calledSeconds.length];
        calledSeconds.push((clock.now() - startMs) / 1000);
        if (error !== undefined) throw new StateError(error, 'as told');
        return {};
      },
    },
  );
  await clock.advance(240_000);
  return { result: await execution, calledSeconds };
}

describe('matching of error names', () => {
  it.each(matching.map((each) => [`${each.errorEquals} and ${each.error}`, each] as const))('%s', (_, each) => {
    expect(matchesError(each.errorEquals, each.error ?? undefined)).toBe(each.matches);
  });
});

describe('Retry', () => {
  it.each(delays.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { result, calledSeconds } = await callTimes({ Retry: [each.retrier] }, Array(9).fill('E'));
    const gaps = calledSeconds.slice(1).map((seconds, index) => seconds - (calledSeconds[index] ?? 0));
    expect(gaps).toEqual(each.delaysSeconds);
    expect(result).toMatchObject({ status: 'FAILED', error: 'E', cause: 'as told' });
  });

  it('succeeds when an attempt succeeds, and exposes the number of retries', async () => {
    const { result } = await callTimes({ Retry: [{ ErrorEquals: ['States.ALL'] }] }, ['A', 'B']);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 2 });
  });

  it('counts each retrier separately and takes the first that matches', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 1 },
      { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2, IntervalSeconds: 10, BackoffRate: 1 },
    ];
    const { result, calledSeconds } = await callTimes({ Retry }, ['B', 'A', 'B', 'A']);
    expect(calledSeconds).toEqual([0, 10, 11, 21]);
    expect(result).toMatchObject({ status: 'FAILED', error: 'A' });
  });

  it('leaves the error to the catchers after the last retry', async () => {
    const { result, calledSeconds } = await callTimes(
      { Retry: [{ ErrorEquals: ['A'], MaxAttempts: 1 }], Catch: [{ ErrorEquals: ['A'], Next: 'Done' }] },
      ['A', 'A'],
    );
    expect(calledSeconds).toEqual([0, 1]);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'A', Cause: 'as told' } });
  });

  it('with full jitter waits less than the interval, reproducibly by seed', () => {
    const bounds = fc.record({ intervalSeconds: fc.integer({ min: 1, max: 100 }), retry: fc.nat(10), seed: fc.nat() });
    fc.assert(
      fc.property(bounds, ({ intervalSeconds, retry, seed }) => {
        const retrier = {
          errorEquals: ['E'],
          intervalSeconds,
          maxAttempts: 3,
          backoffRate: 2,
          maxDelaySeconds: 300,
          jitter: 'FULL',
        } as const;
        const delayMs = retryDelayMs(retrier, retry, seededRandom(seed));
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThan(1000 * Math.min(300, intervalSeconds * 2 ** retry));
        expect(retryDelayMs(retrier, retry, seededRandom(seed))).toBe(delayMs);
      }),
    );
  });
});
