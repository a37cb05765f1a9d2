import type { Clock } from '@tweet-pipes/kit/clock';
import type { Backoff } from './backoff.ts';
import type { BatchLimits, Halves } from './batcher.ts';
import type { DeliveryFailure } from './errors.ts';
import type { StreamRecord } from './sources/record.ts';

/** The result of one attempt to send records through enrichment and target. */
export type Outcome =
  | { readonly result: 'succeeded' }
  | { readonly result: 'partially-failed'; readonly failedIds: ReadonlySet<string>; readonly failure: DeliveryFailure }
  | { readonly result: 'failed'; readonly failure: DeliveryFailure };

/** How failed batches of a source are retried. */
export interface RetryPolicy {
  /** Retries after the first attempt, 0-10000. -1: unlimited. Internal errors do not count. */
  readonly maximumRetryAttempts: number;
  /** Seconds since arrival after which a record goes to the dead-letter queue, 60-604800. -1: never. */
  readonly maximumRecordAgeSeconds: number;
  /** `OnPartialBatchItemFailure: AUTOMATIC_BISECT`. */
  readonly bisect: boolean;
}

/** Why records go to the dead-letter queue: the `condition` of its message. */
export type DeadLetterCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface DeliveryParts {
  /** Read before each attempt: an update of the pipe changes it. */
  policy: RetryPolicy;
  /** Bounds each attempt, also of a batch that was taken before an update. */
  limits: Pick<BatchLimits, 'batchSize'>;
  clock: Clock;
  backoff: Backoff;
  /** Stops the delivery between attempts. Records that are not resolved by then are redelivered after a restart. */
  signal: AbortSignal;
  /** One execution of the pipe. Never throws for a failed delivery. */
  attempt(records: readonly StreamRecord[]): Promise<Outcome>;
  /**
   * Resolves to true when the queue has the message, to false when before that the delivery was stopped, or the pipe
   * was left without a queue.
   */
  sendDeadLetter(records: readonly StreamRecord[], condition: DeadLetterCondition): Promise<boolean>;
  /** Called with a failure that halving the batch cannot isolate further, before the retry or the dead letter. */
  failed(failure: DeliveryFailure): void;
  /** Called with records that are done: delivered or in the dead-letter queue. */
  resolved(records: readonly StreamRecord[]): Promise<void>;
  /** The halves of a failed batch. The first is delivered first. */
  bisect(batch: readonly StreamRecord[]): Halves;
}

interface Unit {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
}

/** How a batch ended. `stopped`: by the signal. A failure is fatal: the pipe must stop. */
export type DeliveryResult = 'done' | 'stopped' | DeliveryFailure;

/**
 * Delivers one batch, in the shard's order, until each record is delivered or in the dead-letter queue. The first half
 * is finished before the second one starts.
 *
 * A failed batch of several records is halved when the policy bisects. Halving consumes no retry, so that a single
 * record has all of its retries, as in Lambda's event source mappings. After a partial failure only the failed records
 * are retried. Without bisecting, the records that still fail after the last retry become one dead letter.
 */
export async function deliver(batch: readonly StreamRecord[], parts: DeliveryParts): Promise<DeliveryResult> {
  const { policy, limits, clock, backoff, signal } = parts;
  const todo: Unit[] = [{ records: batch, retries: 0 }];
  let unavailable = 0;
  for (let unit = todo.pop(); unit !== undefined; unit = todo.pop()) {
    if (signal.aborted) return 'stopped';
    const { batchSize } = limits;
    if (unit.records.length > batchSize) {
      todo.push({ ...unit, records: unit.records.slice(batchSize) });
      unit = { ...unit, records: unit.records.slice(0, batchSize) };
    }
    const { young, old } = byAge(unit.records, policy, clock.now());
    if (old.length > 0) {
      if (!(await parts.sendDeadLetter(old, 'RecordAgeExceeded'))) todo.push(unit);
      else {
        await parts.resolved(old);
        if (young.length > 0) todo.push({ ...unit, records: young });
      }
      continue;
    }
    const outcome = await parts.attempt(unit.records);
    if (outcome.result === 'succeeded') {
      unavailable = 0;
      await parts.resolved(unit.records);
      continue;
    }
    if (outcome.failure.kind === 'fatal') return outcome.failure;
    if (signal.aborted) return 'stopped';
    if (outcome.failure.kind === 'internal') {
      unavailable += 1;
      todo.push(unit);
      await clock.sleep(backoff.delayMs(unavailable), signal);
      continue;
    }
    unavailable = 0;
    let failed = unit.records;
    if (outcome.result === 'partially-failed') {
      const { failedIds } = outcome;
      failed = unit.records.filter(({ eventId }) => failedIds.has(eventId));
      await parts.resolved(unit.records.filter(({ eventId }) => !failedIds.has(eventId)));
    }
    if (policy.bisect && failed.length > 1) {
      const [first, second] = parts.bisect(failed);
      todo.push({ records: second, retries: unit.retries }, { records: first, retries: unit.retries });
      continue;
    }
    parts.failed(outcome.failure);
    if (policy.maximumRetryAttempts !== -1 && unit.retries >= policy.maximumRetryAttempts) {
      if (await parts.sendDeadLetter(failed, 'RetryAttemptsExhausted')) await parts.resolved(failed);
      else todo.push({ records: failed, retries: unit.retries });
    } else {
      todo.push({ records: failed, retries: unit.retries + 1 });
      await clock.sleep(backoff.delayMs(unit.retries + 1), signal);
    }
  }
  return 'done';
}

function byAge(records: readonly StreamRecord[], policy: RetryPolicy, nowMs: number) {
  const oldest = policy.maximumRecordAgeSeconds === -1 ? -Infinity : nowMs - policy.maximumRecordAgeSeconds * 1000;
  return {
    old: records.filter(({ arrivalMs }) => arrivalMs < oldest),
    young: records.filter(({ arrivalMs }) => arrivalMs >= oldest),
  };
}
