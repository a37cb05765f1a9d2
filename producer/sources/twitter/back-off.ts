/** Why the next attempt has to wait. `resetInMs` is how long X itself says, if it does. */
export type Trouble = { kind: 'network' } | { kind: 'http' } | { kind: 'rate'; resetInMs?: number };

/** A limit counts per 15 minutes: to wait longer than that helps nothing. */
const rateWindowMs = 15 * 60_000;

/**
 * How long to wait before the next attempt, as X asks (https://docs.x.com/x-api/fundamentals/handling-disconnections):
 * after network trouble 250 ms more each time up to 16 s, after an HTTP error 5 s doubling to 320 s, after a 429 until
 * its reset, else 60 s doubling. Each kind counts by itself.
 */
export class BackOff {
  #attempts = { network: 0, http: 0, rate: 0 };

  /** Milliseconds to wait after one more trouble of this kind. */
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

  /** A connection has proved that it stands. */
  reset(): void {
    this.#attempts = { network: 0, http: 0, rate: 0 };
  }
}
