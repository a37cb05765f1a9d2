import type { Random } from '@tweet-pipes/kit/random';
import type { Retrier } from '../definition/definition.ts';

/** Errors that States.ALL and States.TaskFailed do not match. */
const UNMATCHED_BY_WILDCARDS = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/**
 * Whether a name in `ErrorEquals` matches `error`. `States.TaskFailed` matches every error but a timeout.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html}
 */
export function matchesError(errorEquals: readonly string[], error: string | undefined): boolean {
  return errorEquals.some((name) => {
    // Recorded on AWS by others (LocalStack's public snapshots): a definition that lists States.Runtime does not catch
    // it either.
    if (error === 'States.Runtime') return false;
    if (name === error) return true;
    if (error !== undefined && UNMATCHED_BY_WILDCARDS.has(error)) return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout');
  });
}

/** Counts the retries of one state execution. The first matching retrier decides; each has its own count. */
export class Retries {
  readonly #retriers: readonly Retrier[];
  readonly #counts: number[];

  /** `made`: the number of retries that every retrier counts as made. */
  constructor(retriers: readonly Retrier[], made = 0) {
    this.#retriers = retriers;
    this.#counts = retriers.map(() => made);
  }

  /** The index of the first retrier that matches. */
  find(error: string | undefined): number | undefined {
    const index = this.#retriers.findIndex((retrier) => matchesError(retrier.errorEquals, error));
    return index < 0 ? undefined : index;
  }

  /** Milliseconds to wait before the next attempt; undefined when no retry is left. */
  next(error: string | undefined, random: Random): number | undefined {
    const index = this.find(error);
    const retrier = index === undefined ? undefined : this.#retriers[index];
    const count = index === undefined ? 0 : (this.#counts[index] ?? 0);
    if (index === undefined || retrier === undefined || count >= retrier.maxAttempts) return undefined;
    this.#counts[index] = count + 1;
    return retryDelayMs(retrier, count, random);
  }
}

/** The delay before a retry, in milliseconds. `retry` counts from 0. */
export function retryDelayMs(retrier: Retrier, retry: number, random: Random): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** retry;
  const seconds = Math.min(grown, retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return 1000 * (retrier.jitter === 'FULL' ? seconds * random.next() : seconds);
}
