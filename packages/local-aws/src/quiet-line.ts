import type { Clock } from '@tweet-pipes/kit/clock';

/** Milliseconds between two lines. */
const QUIET_MS = 60_000;

/** A line on the console for what comes in numbers: the first at once, later ones at most once a minute. */
export class QuietLine {
  readonly #log: (line: string) => void;
  readonly #clock: Pick<Clock, 'now'>;
  #quietUntilMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(log: (line: string) => void, clock: Pick<Clock, 'now'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Counts, and writes `line` of the number since the start, unless the last one was less than a minute ago. */
  add(count: number, line: (count: number) => string): void {
    this.#count += count;
    const nowMs = this.#clock.now();
    if (nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + QUIET_MS;
    this.#log(line(this.#count));
  }
}
