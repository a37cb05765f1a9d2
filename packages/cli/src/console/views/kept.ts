import type { Clock } from '@tweet-pipes/kit/clock';

/** How long an answer is kept: the longer of the first two. */
export interface Keeping {
  readonly keptMs: number;
  /** How many times as long as the reading took. 30 bounds what readings take to 3 % of the time. Default 0. */
  readonly timesItsLength?: number;
  /** The longest that it is kept for its length. Default: no bound. */
  readonly atMostMs?: number;
}

/**
 * Keeps an answer for a while. Reads once at a time, however many pages ask. A reading that fails is not kept: the next
 * caller reads again.
 */
export class Kept<T> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keeping: Keeping;
  readonly #read: () => Promise<T>;
  #answer: Promise<T> | undefined;
  /** Infinity while a reading runs. */
  #untilMs = 0;

  constructor(clock: Pick<Clock, 'now'>, keeping: Keeping, read: () => Promise<T>) {
    this.#clock = clock;
    this.#keeping = keeping;
    this.#read = read;
  }

  get(): Promise<T> {
    if (this.#answer !== undefined && this.#clock.now() < this.#untilMs) return this.#answer;
    const startMs = this.#clock.now();
    this.#untilMs = Number.POSITIVE_INFINITY;
    const answer = this.#read();
    this.#answer = answer;
    answer.then(
      () => {
        const nowMs = this.#clock.now();
        const { keptMs, timesItsLength = 0, atMostMs = Number.POSITIVE_INFINITY } = this.#keeping;
        this.#untilMs = nowMs + Math.max(keptMs, Math.min(atMostMs, (nowMs - startMs) * timesItsLength));
      },
      () => {
        this.#answer = undefined;
      },
    );
    return answer;
  }
}
