import type { Random } from '@tweet-pipes/kit/random';

const firstMs = 1_000;
const longestMs = 60_000;

/** Exponential back-off with full jitter, from a second to a minute. */
export class BackOff {
  readonly #random: Random;
  #failures = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Milliseconds to wait after another failure. */
  next(): number {
    const ceilingMs = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    return Math.round(this.#random.next() * ceilingMs);
  }

  /** Call it when a connection was stable. */
  reset(): void {
    this.#failures = 0;
  }
}
