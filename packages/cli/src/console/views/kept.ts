import type { Clock } from '@tweet-pipes/kit/clock';

/**
 * Keeps an answer for a while. Reads once at a time, however many pages ask. A reading that fails is not kept: the next
 * caller reads again.
 */
export class Kept<T> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keptMs: number;
  readonly #read: () => Promise<T>;
  #answer: Promise<T> | undefined;
  /** When the reading was over; undefined while it runs. */
  #readAtMs: number | undefined;

  constructor(clock: Pick<Clock, 'now'>, keptMs: number, read: () => Promise<T>) {
    this.#clock = clock;
    this.#keptMs = keptMs;
    this.#read = read;
  }

  get(): Promise<T> {
    const isOld = this.#readAtMs !== undefined && this.#clock.now() - this.#readAtMs >= this.#keptMs;
    if (this.#answer !== undefined && !isOld) return this.#answer;
    this.#readAtMs = undefined;
    const answer = this.#read();
    this.#answer = answer;
    answer.then(
      () => {
        this.#readAtMs = this.#clock.now();
      },
      () => {
        this.#answer = undefined;
      },
    );
    return answer;
  }

  /** The next caller reads again. */
  forget(): void {
    this.#answer = undefined;
    this.#readAtMs = undefined;
  }
}
