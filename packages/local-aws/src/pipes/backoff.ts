import type { Random } from '@tweet-pipes/kit/random';

/** Waits between attempts. */
export interface Backoff {
  /** Milliseconds before attempt `attempt` (1 = the first retry). */
  delayMs(attempt: number): number;
}

/** Doubles from `baseMs` up to `capMs`. Jitter shortens each wait by up to a half. */
export function exponentialBackoff(random: Random, baseMs: number, capMs: number): Backoff {
  return {
    delayMs(attempt) {
      const full = Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
      return Math.round(full / 2 + random.next() * (full / 2));
    },
  };
}

/**
 * Between attempts of a batch: 100 ms doubling to 500 ms, so that a poison record blocks its shard for seconds only.
 * AWS does not publish its values.
 */
export function retryBackoff(random: Random): Backoff {
  return exponentialBackoff(random, 100, 500);
}

/** Between reads and dead-letter sends that fail: 100 ms doubling to 5 s. */
export function outageBackoff(random: Random): Backoff {
  return exponentialBackoff(random, 100, 5_000);
}
