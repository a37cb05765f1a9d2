import type { Clock } from '@tweet-pipes/kit/clock';
import { connectionProblem } from '@tweet-pipes/kit/connection-error';
import type { Random } from '@tweet-pipes/kit/random';
import * as z from 'zod';
import type { Outage } from './outage.ts';
import type { StreamRecord } from './record.ts';
import type { Sink } from './sink.ts';

/** Where a record is that landed. */
export type Landed<L extends object> = L & {
  /**
   * True when an earlier attempt ended without a clear answer (connection lost, server error): a stream may hold a
   * duplicate, at an earlier position.
   */
  maybeTwice: boolean;
};

/** How to put a batch, and callbacks that report what happens to each record. */
export interface BatchWriting<L extends object, R extends StreamRecord> {
  sink: Sink<L, R>;
  clock: Clock;
  random: Random;
  /** Failed attempts after which a record is given up. Throttling and calls without an answer do not count. */
  attempts: number;
  landed(record: R, landed: Landed<L>): void;
  /** Given up after the last attempt. */
  lost(record: R, reason: string): void;
  /** About to be sent again. */
  retried(record: R, isThrottled: boolean): void;
  /** Called before each call; its result is passed to `answered`. */
  calling(): number;
  answered(round: number, isThrottled: boolean): void;
  /** Told of calls without an answer. Its error ends the batch. */
  outage: Outage;
  /** An abort ends the wait for a stream that does not answer; it is then tried at once. */
  signal: AbortSignal;
}

/**
 * Exponential back-off with full jitter, from 100 ms to 5 s, while no record of a call is accepted. A stream that
 * accepts a part of each call is at its capacity; a longer wait would waste some of it.
 */
const backOff = { firstMs: 100, longestMs: 5_000 };

/**
 * Puts a batch of distinct partition keys and retries only the records that failed: throttled ones without limit, those
 * of a call without an answer until the outage is given up, others until their attempts are used up. Throws permanent
 * errors and OutageGivenUp; records of the batch that were not reported are then not known to be in the stream.
 */
export async function putBatch<L extends object, R extends StreamRecord>(
  batch: readonly R[],
  writing: BatchWriting<L, R>,
): Promise<void> {
  const unclear = new Set<R>();
  const failures = new Map<R, number>();
  let remaining = batch;
  for (let fruitless = 0; remaining.length > 0; fruitless += 1) {
    const failed = await attemptOnce(remaining, writing, unclear);
    if (failed.length < remaining.length) fruitless = 0;
    remaining = failed.flatMap(({ record, reason, outcome }) => {
      if (outcome === 'unclear') failures.set(record, (failures.get(record) ?? 0) + 1);
      if ((failures.get(record) ?? 0) >= writing.attempts) {
        writing.lost(record, reason);
        return [];
      }
      writing.retried(record, outcome === 'throttled');
      return [record];
    });
    if (remaining.length > 0) {
      const ceilingMs = Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(fruitless, 20));
      await wait(writing.random.next() * ceilingMs, failed[0]?.outcome === 'no-answer', writing);
    }
  }
}

/** An outage that is given up, or an abort, ends the wait for an answer. After an abort it is waited for again. */
async function wait(
  ms: number,
  isForAnswer: boolean,
  { clock, outage, signal }: Pick<BatchWriting<object, StreamRecord>, 'clock' | 'outage' | 'signal'>,
): Promise<void> {
  if (!isForAnswer || signal.aborted) return clock.sleep(ms);
  return clock.sleep(Math.min(ms, outage.leftMs), signal);
}

/**
 * Why an attempt failed. `unclear` and `no-answer`: the records may have been written. `no-answer` and `throttled` say
 * nothing against the records. Only `permanent` is not worth a retry.
 */
type Failure = 'throttled' | 'unclear' | 'no-answer' | 'permanent';

interface Failed<R> {
  record: R;
  reason: string;
  outcome: Exclude<Failure, 'permanent'>;
}

async function attemptOnce<L extends object, R extends StreamRecord>(
  records: readonly R[],
  { sink, landed, calling, answered, outage }: BatchWriting<L, R>,
  unclear: Set<R>,
): Promise<Failed<R>[]> {
  const round = calling();
  try {
    const results = await sink.put(records);
    outage.ends();
    answered(
      round,
      results.some((result) => 'isThrottled' in result && result.isThrottled),
    );
    return records.flatMap((record, index) => {
      const result = results[index] ?? { reason: 'no answer: none given', isThrottled: false };
      if ('landed' in result) {
        landed(record, { ...result.landed, maybeTwice: unclear.has(record) });
        return [];
      }
      if (!result.isThrottled) unclear.add(record);
      return [{ record, reason: result.reason, outcome: result.isThrottled ? 'throttled' : 'unclear' }];
    });
  } catch (error) {
    const outcome = classify(error);
    const reason = connectionProblem(error) ?? String(error);
    if (outcome === 'permanent') throw error;
    if (outcome !== 'throttled') for (const record of records) unclear.add(record);
    if (outcome === 'no-answer') outage.continues(reason);
    else {
      outage.ends();
      answered(round, outcome === 'throttled');
    }
    return records.map((record) => ({ record, reason, outcome }));
  }
}

/** What every error of a service has, whatever the SDK's client. */
const serviceException = z.looseObject({
  $fault: z.enum(['client', 'server']),
  $metadata: z.looseObject({ httpStatusCode: z.number().default(0) }),
});

/** Statuses of an endpoint that cannot work at the moment, or of a proxy in front of it. */
const unavailable = [502, 503, 504];

function classify(error: unknown): Failure {
  const answer = serviceException.safeParse(error).data;
  if (answer !== undefined && error instanceof Error) {
    const { httpStatusCode } = answer.$metadata;
    const isThrottled = /Throttl|ProvisionedThroughputExceeded|LimitExceeded/.test(error.name);
    if (isThrottled || httpStatusCode === 429) return 'throttled';
    if (unavailable.includes(httpStatusCode)) return 'no-answer';
    return answer.$fault === 'server' || httpStatusCode >= 500 ? 'unclear' : 'permanent';
  }
  if (connectionProblem(error) !== undefined) return 'no-answer';
  return error instanceof Error && 'code' in error && error.code !== undefined ? 'unclear' : 'permanent';
}
