import type { Random } from '@tweet-pipes/kit/random';

/**
 * Records that reach one shard: when they came, oldest first. A Poisson process after what was there at the beginning.
 */
export class Arrivals {
  readonly #meanGapMs: number;
  readonly #random: Random;
  #there: number[];
  #nextMs: number;
  arrived: number;

  constructor(options: { perSecond: number; backlog: number; random: Random }) {
    this.#meanGapMs = options.perSecond === 0 ? Number.POSITIVE_INFINITY : 1000 / options.perSecond;
    this.#random = options.random;
    this.#there = Array.from({ length: options.backlog }, () => 0);
    this.arrived = options.backlog;
    this.#nextMs = this.#gapMs();
  }

  /** Takes up to `most` records that are there at `nowMs`; their times of arrival. */
  take(most: number, nowMs: number): number[] {
    this.behind(nowMs);
    return this.#there.splice(0, most);
  }

  /** How many are there that were not taken. */
  behind(nowMs: number): number {
    while (this.#nextMs <= nowMs) {
      this.#there.push(this.#nextMs);
      this.arrived += 1;
      this.#nextMs += this.#gapMs();
    }
    return this.#there.length;
  }

  #gapMs(): number {
    return -this.#meanGapMs * Math.log(1 - this.#random.next());
  }
}
