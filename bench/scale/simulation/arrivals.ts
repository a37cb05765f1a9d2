import type { Random } from '../../../local/random.ts';

/** Records that reach one shard: when they came, oldest first. A Poisson process after what was there at the beginning. */
export class Arrivals {
  readonly #meanGapMs: number;
  readonly #random: Random;
  #nextMs: number;
  #backlog: number;
  arrived = 0;

  constructor(options: { perSecond: number; backlog: number; random: Random }) {
    this.#meanGapMs = options.perSecond === 0 ? Number.POSITIVE_INFINITY : 1000 / options.perSecond;
    this.#random = options.random;
    this.#backlog = options.backlog;
    this.#nextMs = this.#gapMs();
  }

  /** Takes up to `most` records that are there at `nowMs`; their times of arrival. */
  take(most: number, nowMs: number): number[] {
    const taken: number[] = [];
    while (taken.length < most && this.#backlog > 0) {
      taken.push(0);
      this.#backlog -= 1;
    }
    while (taken.length < most && this.#nextMs <= nowMs) {
      taken.push(this.#nextMs);
      this.#nextMs += this.#gapMs();
    }
    this.arrived += taken.length;
    return taken;
  }

  /** Whether a record is there that was not taken. */
  hasMore(nowMs: number): boolean {
    return this.#backlog > 0 || this.#nextMs <= nowMs;
  }

  #gapMs(): number {
    return -this.#meanGapMs * Math.log(1 - this.#random.next());
  }
}
