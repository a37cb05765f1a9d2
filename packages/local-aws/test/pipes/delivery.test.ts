import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import { exponentialBackoff } from '../../src/pipes/backoff.ts';
import { bisect } from '../../src/pipes/batcher.ts';
import type { DeadLetterCondition, DeliveryParts, Outcome, RetryPolicy } from '../../src/pipes/delivery.ts';
import { deliver } from '../../src/pipes/delivery.ts';
import type { StreamRecord } from '../../src/pipes/sources/record.ts';
import { failure, readCases, recordOf, until } from './fixture.ts';

interface Input {
  records: number;
  /** Sequence numbers that make a call fail. */
  poison?: number[];
  /** The target reports the poison records instead of failing as a whole. */
  partial?: boolean;
  /** Attempts after which poison records succeed. */
  healsAfter?: number;
  /** Calls that fail with an internal error first. */
  unavailable?: number;
  arrivedSecondsAgo?: number[];
  policy: Partial<RetryPolicy>;
}

interface Expected {
  attempts: number[][];
  deadLetters: { condition: DeadLetterCondition; records: number[] }[];
}

const sequence = ({ sequenceNumber }: StreamRecord) => Number(sequenceNumber);

function policyOf(given: Partial<RetryPolicy>): RetryPolicy {
  return { maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1, bisect: false, ...given };
}

async function run(input: Input) {
  const clock = new ManualClock();
  const seen: Expected & { delivered: number[]; resolved: number[] } = {
    attempts: [],
    deadLetters: [],
    delivered: [],
    resolved: [],
  };
  let unavailable = input.unavailable ?? 0;
  const batch = Array.from({ length: input.records }, (_, i) =>
    recordOf(i + 1, {}, clock.now() - (input.arrivedSecondsAgo?.[i] ?? 0) * 1000),
  );
  const attempt = async (records: readonly StreamRecord[]): Promise<Outcome> => {
    seen.attempts.push(records.map(sequence));
    if (unavailable > 0) {
      unavailable -= 1;
      return { result: 'failed', failure: failure('internal') };
    }
    const healed = input.healsAfter !== undefined && seen.attempts.length > input.healsAfter;
    const poisoned = healed ? [] : records.filter((record) => input.poison?.includes(sequence(record)));
    if (poisoned.length > 0 && (!input.partial || poisoned.length === records.length)) {
      return { result: 'failed', failure: failure('customer') };
    }
    seen.delivered.push(...records.filter((record) => !poisoned.includes(record)).map(sequence));
    if (poisoned.length === 0) return { result: 'succeeded' };
    return {
      result: 'partially-failed',
      failedIds: new Set(poisoned.map(({ eventId }) => eventId)),
      failure: failure('customer'),
    };
  };
  const parts: DeliveryParts = {
    policy: policyOf(input.policy),
    limits: { batchSize: batch.length },
    clock,
    backoff: exponentialBackoff(seededRandom(1), 100, 500),
    signal: new AbortController().signal,
    attempt,
    bisect,
    sendDeadLetter: async (records, condition) => {
      seen.deadLetters.push({ condition, records: records.map(sequence) });
      return true;
    },
    failed: () => {},
    resolved: async (records) => void seen.resolved.push(...records.map(sequence)),
  };
  let end: unknown;
  void deliver(batch, parts).then((value) => {
    end = value;
  });
  await until(clock, () => end !== undefined, 100);
  expect(end).toBe('done');
  return seen;
}

describe('delivery of a batch', () => {
  const cases = readCases<Input, Expected>(new URL('cases/delivery.json', import.meta.url));
  it.each(cases)('$name', async ({ input, expected }) => {
    const { attempts, deadLetters } = await run(input);
    expect({ attempts, deadLetters }).toEqual(expected);
  });

  it('delivers each record once or dead-letters it, exactly one of them and in order, for any poison subset', async () => {
    const inputs = fc.record({
      records: fc.integer({ min: 1, max: 12 }),
      poison: fc.uniqueArray(fc.integer({ min: 1, max: 12 })),
      partial: fc.boolean(),
      unavailable: fc.integer({ min: 0, max: 3 }),
      policy: fc.record({ maximumRetryAttempts: fc.integer({ min: 0, max: 2 }), bisect: fc.constant(true) }),
    });
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const { delivered, deadLetters, resolved } = await run(input);
        const all = Array.from({ length: input.records }, (_, i) => i + 1);
        const poison = all.filter((n) => input.poison.includes(n));
        expect(delivered).toEqual(all.filter((n) => !poison.includes(n)));
        expect(deadLetters.map(({ records }) => records)).toEqual(poison.map((n) => [n]));
        expect([...resolved].sort((a, b) => a - b)).toEqual(all);
        if (!input.partial) expect(resolved).toEqual(all);
      }),
      { numRuns: 150 },
    );
  });

  it('dead-letters whole remainders without bisecting, never a delivered record', async () => {
    const inputs = fc.record({
      records: fc.integer({ min: 1, max: 8 }),
      poison: fc.uniqueArray(fc.integer({ min: 1, max: 8 })),
      partial: fc.constant(true),
      policy: fc.record({ maximumRetryAttempts: fc.integer({ min: 0, max: 2 }), bisect: fc.constant(false) }),
    });
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const { delivered, deadLetters } = await run(input);
        const given = deadLetters.flatMap(({ records }) => records);
        expect([...delivered, ...given].sort((a, b) => a - b)).toEqual(
          Array.from({ length: input.records }, (_, i) => i + 1),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('the wait between attempts', () => {
  it('doubles from 100 ms to 500 ms and is jittered down to half', () => {
    const backoff = exponentialBackoff(seededRandom(7), 100, 500);
    for (const [attempt, full] of [100, 200, 400, 500, 500].entries()) {
      const delay = backoff.delayMs(attempt + 1);
      expect(delay).toBeGreaterThanOrEqual(full / 2);
      expect(delay).toBeLessThanOrEqual(full);
    }
  });
});
