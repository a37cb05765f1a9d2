import type { Clock } from '@tweet-pipes/kit/clock';
import type { Backoff } from './backoff.ts';
import type { Halves } from './batcher.ts';
import type { DeliveryFailure } from './errors.ts';
import type { StreamRecord } from './sources/record.ts';

/** What one attempt to send records through enrichment and target came to. */
export type Outcome =
  | { readonly result: 'succeeded' }
  | { readonly result: 'partially-failed'; readonly failedIds: ReadonlySet<string>; readonly failure: DeliveryFailure }
  | { readonly result: 'failed'; readonly failure: DeliveryFailure };

/** How failures of a source's batches are treated. */
export interface RetryPolicy {
  /** Retries after the first attempt, 0-10000; -1: for ever. Internal errors are not counted. */
  maximumRetryAttempts: number;
  /** Seconds since arrival after which a record is given up, 60-604800; -1: never. */
  maximumRecordAgeSeconds: number;
  /** `OnPartialBatchItemFailure: AUTOMATIC_BISECT`. */
  bisect: boolean;
}

/** Why records go to the dead-letter queue, in the words of its message. */
export type DeadLetterCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface DeliveryParts {
  policy: RetryPolicy;
  clock: Clock;
  backoff: Backoff;
  /** Ends the delivery between attempts; what was not resolved by then is delivered again after a restart. */
  signal: AbortSignal;
  /** One execution of the pipe. Never throws for a failed delivery. */
  attempt(records: readonly StreamRecord[]): Promise<Outcome>;
  /** Resolves when the queue has taken the message; false when the delivery was ended before. */
  sendDeadLetter(records: readonly StreamRecord[], condition: DeadLetterCondition): Promise<boolean>;
  /** These records are done: delivered or in the dead-letter queue. */
  resolved(records: readonly StreamRecord[]): Promise<void>;
  /** The halves of a failed batch. The first is delivered first. */
  bisect(batch: readonly StreamRecord[]): Halves;
}

interface Unit {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
}

/** How a batch ended. `stopped`: by the signal. A failure: fatal, the pipe must stop. */
export type DeliveryResult = 'done' | 'stopped' | DeliveryFailure;

/**
 * Delivers one batch until each record is delivered or given up, in the shard's order: a half is finished before the
 * next one starts.
 *
 * A failed batch of several records is halved when the policy bisects; halving consumes no retry, so that a single
 * record has all of its retries (as Lambda's event source mappings do). After a partial failure only the failed records
 * go on. Without bisecting, what still fails when the retries are used up is given up together.
 */
export async function deliver(batch: readonly StreamRecord[], parts: DeliveryParts): Promise<DeliveryResult> {
  const { policy, clock, backoff, signal } = parts;
  const todo: Unit[] = [{ records: batch, retries: 0 }];
  let unavailable = 0;
  for (let unit = todo.pop(); unit !== undefined; unit = todo.pop()) {
    if (signal.aborted) return 'stopped';
    const { young, old } = byAge(unit.records, policy, clock.now());
    if (old.length > 0) {
      if (!(await parts.sendDeadLetter(old, 'RecordAgeExceeded'))) return 'stopped';
      await parts.resolved(old);
      if (young.length > 0) todo.push({ ...unit, records: young });
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
    } else if (policy.maximumRetryAttempts !== -1 && unit.retries >= policy.maximumRetryAttempts) {
      if (!(await parts.sendDeadLetter(failed, 'RetryAttemptsExhausted'))) return 'stopped';
      await parts.resolved(failed);
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
