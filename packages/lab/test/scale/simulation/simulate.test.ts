import { describe, expect, it } from '@jest/globals';
import { paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import fc from 'fast-check';
import { scenario } from '../../../src/scale/simulation/scenario.ts';
import { simulate } from '../../../src/scale/simulation/simulate.ts';

const setups = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  shards: fc.integer({ min: 1, max: 12 }),
  tweetsPerShardSecond: fc.integer({ min: 1, max: 300 }),
  backlogPerShard: fc.integer({ min: 0, max: 500 }),
  batchSize: fc.integer({ min: 1, max: 1_000 }),
  windowSeconds: fc.integer({ min: 0, max: 5 }),
  hotShare: fc.constantFrom(0, 0.1, 1),
  closedMarks: fc.constantFrom(0, 1_000),
  counterItems: fc.integer({ min: 1, max: 3 }),
  maximumRetryAttempts: fc.integer({ min: 0, max: 3 }),
});

describe('a simulated run', () => {
  it('loses no tweet, makes up none, and serves no item more than 1,000 units in a second beside the second that it had saved', () => {
    fc.assert(
      fc.property(setups, (given) => {
        const outcome = simulate(scenario({ ...given, seconds: 5 }));
        expect(outcome.done + outcome.waiting + outcome.deadLettered).toBe(outcome.arrived);
        expect(outcome.hot.unitsServed).toBeLessThanOrEqual(given.counterItems * (1_000 + 5 * 1_000));
        expect(outcome.hot.mostUnitsInASecond).toBeLessThanOrEqual(2_000);
        expect(outcome.utilisation).toBeLessThanOrEqual(1);
        expect(outcome.hot.itemBytes).toBeLessThan(400 * 1024);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same for the same seed', () => {
    const given = scenario({ shards: 5, tweetsPerShardSecond: 100, hotShare: 1, seconds: 5 });
    expect(simulate(given)).toEqual(simulate(given));
    expect(simulate({ ...given, seed: 2 })).not.toEqual(simulate(given));
  });

  it('takes as long as the calls in their order when nothing varies', () => {
    const exactly = (ms: number) => ({ p50Ms: ms, p99Ms: ms, source: 'recalled' as const });
    const table = paceTable({
      calls: {
        'dynamodb.BatchGetItem': exactly(10),
        'dynamodb.BatchExecuteStatement': exactly(20),
        'dynamodb.UpdateItem': exactly(5),
      },
      overheads: { startSyncExecution: exactly(7), state: exactly(1), task: exactly(2), lambdaInvoke: exactly(1) },
    });
    const given = {
      backlogPerShard: 25,
      tweetsPerShardSecond: 0,
      batchSize: 25,
      hashtagsPerTweet: 1,
      jsonataFactor: 0,
      seconds: 5,
    };
    const { executionP50Ms } = simulate(scenario({ ...given, table }));
    // start; ReadBatch and its two states; AnyRecords; the look-up; StoreTweets, its insert and two states; the mark;
    // a state; two Maps and one round of updates; two states
    const expectedMs = 7 + 3 + 1 + (1 + 13) + (1 + 23 + 2) + 8 + 1 + (2 + 8) + 2;
    // A histogram is exact to 2 %.
    expect(executionP50Ms / expectedMs).toBeGreaterThanOrEqual(0.999);
    expect(executionP50Ms / expectedMs).toBeLessThan(1.021);
  });

  it('halves a batch that Step Functions would not take', () => {
    const outcome = simulate(
      scenario({
        ...{ backlogPerShard: 100, tweetsPerShardSecond: 0, batchSize: 100, windowSeconds: 1 },
        ...{ inputBytesPerTweet: 4_000, seconds: 10 },
      }),
    );
    // 100 are 400 KB, two fifties fit.
    expect(outcome).toMatchObject({ executions: 3, failedExecutions: 1, refusedExecutions: 1, done: 100 });
  });

  it('halves some of the batches that would just fit, if records differ in size', () => {
    const given = { inputBytesPerTweet: 2_600, backlogPerShard: 2_000, tweetsPerShardSecond: 0, batchSize: 100 };
    const { refusedExecutions, executions, done } = simulate(scenario({ ...given, inputBytesDeviation: 650 }));
    expect(done).toBe(2_000);
    expect(refusedExecutions).toBeGreaterThan(0);
    expect(executions).toBe(20 + 2 * refusedExecutions);
    expect(simulate(scenario(given)).refusedExecutions).toBe(0);
  });

  it('gives a tweet up when the counter of its hashtag is never to be had', () => {
    const table = paceTable({ limits: { itemWriteUnitsPerSecond: { value: 1e-9, source: 'recalled' } } });
    const given = {
      table,
      hotShare: 1,
      shards: 2,
      backlogPerShard: 1,
      tweetsPerShardSecond: 0,
      maximumRetryAttempts: 1,
      seconds: 600,
    };
    // Of two shards, the first uses the unit that was saved.
    expect(simulate(scenario(given))).toMatchObject({ done: 1, deadLettered: 1, hot: { updates: 1, throttles: 14 } });
  });

  it('falls behind where batches are too small for the rate, and keeps up where they are not', () => {
    expect(simulate(scenario({ batchSize: 10, seconds: 20 })).keepsUp).toBe(false);
    expect(simulate(scenario({ batchSize: 100, tweetsPerShardSecond: 200, seconds: 20 })).keepsUp).toBe(true);
  });
});
