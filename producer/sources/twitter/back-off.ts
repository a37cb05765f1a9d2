/** Why the next attempt has to wait. `resetInMs` is the time until X's rate limit resets, if X names it. */
export type Trouble = { kind: 'network' } | { kind: 'http' } | { kind: 'rate'; resetInMs?: number };

/** Rate limits are per 15 minutes, so longer waits are useless. */
const rateWindowMs = 15 * 60_000;

/**
 * Time to wait before the next attempt, as X requires (https://docs.x.com/x-api/fundamentals/handling-disconnections):
 * after network trouble 250 ms more each time up to 16 s, after an HTTP error 5 s doubling to 320 s, after a 429 until
 * its reset, else 60 s doubling. Each kind is counted separately.
 */
export class BackOff {
  #attempts = { network: 0, http: 0, rate: 0 };

  /** Milliseconds to wait after another trouble of this kind. */
  next(trouble: Trouble): number {
    this.#attempts[trouble.kind] += 1;
    const attempt = this.#attempts[trouble.kind];
    switch (trouble.kind) {
      case 'network':
        return Math.min(16_000, 250 * attempt);
      case 'http':
        return Math.min(320_000, 5_000 * 2 ** (attempt - 1));
      case 'rate':
        return trouble.resetInMs ?? Math.min(rateWindowMs, 60_000 * 2 ** (attempt - 1));
    }
  }

  /** Call it when a connection is stable. */
  reset(): void {
    this.#attempts = { network: 0, http: 0, rate: 0 };
  }
}
