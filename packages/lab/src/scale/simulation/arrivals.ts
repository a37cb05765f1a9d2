import type { Random } from '@tweet-pipes/kit/random';

/** Arrival times of the records of a shard, oldest first: a backlog, then a Poisson process. */
export class Arrivals {
  readonly #meanGapMs: number;
  readonly #random: Random;
  #arrivedMs: number[];
  #nextMs: number;
  arrived: number;

  constructor(options: { perSecond: number; backlog: number; random: Random }) {
    this.#meanGapMs = options.perSecond === 0 ? Number.POSITIVE_INFINITY : 1000 / options.perSecond;
    this.#random = options.random;
    this.#arrivedMs = Array.from({ length: options.backlog }, () => 0);
    this.arrived = options.backlog;
    this.#nextMs = this.#gapMs();
  }

  /** Takes up to `most` records that have arrived at `nowMs`; returns their times of arrival. */
  take(most: number, nowMs: number): number[] {
    this.lag(nowMs);
    return this.#arrivedMs.splice(0, most);
  }

  /** The lag: records that have arrived and were not taken. */
  lag(nowMs: number): number {
    while (this.#nextMs <= nowMs) {
      this.#arrivedMs.push(this.#nextMs);
      this.arrived += 1;
      this.#nextMs += this.#gapMs();
    }
    return this.#arrivedMs.length;
  }

  #gapMs(): number {
    return -this.#meanGapMs * Math.log(1 - this.#random.next());
  }
}
