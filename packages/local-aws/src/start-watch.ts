import type { Clock } from '@tweet-pipes/kit/clock';

/** Between two lines about a start that waits. */
const LINE_EVERY_MS = 10_000;
/** A start without progress for this long is given up. The slowest step here takes seconds. */
const LIMIT_MS = 120_000;

/** A start waited too long. The message names what for, and a remedy. Retryable when the machine was only busy. */
export class StartTimeoutError extends Error {
  override readonly name = 'StartTimeoutError';
}

/** Tells what a start waits for, and ends one that waits too long. */
export class StartWatch {
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #waiting = new Set<string>();
  readonly #over = new AbortController();
  #progressMs: number;

  constructor(clock: Clock, log: (line: string) => void) {
    this.#clock = clock;
    this.#log = log;
    this.#progressMs = clock.now();
  }

  /** Does a step of the start. `what` completes "waiting for". */
  async step<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    this.#waiting.add(what);
    try {
      return await work();
    } finally {
      this.#waiting.delete(what);
      this.#progressMs = this.#clock.now();
    }
  }

  /** Resolves and rejects with `start`, or rejects with {@link StartTimeoutError} when no step ends for two minutes. */
  async guard<T>(start: Promise<T>): Promise<T> {
    try {
      return await Promise.race([start, this.#timeOut()]);
    } finally {
      this.#over.abort();
    }
  }

  async #timeOut(): Promise<never> {
    const { signal } = this.#over;
    for (;;) {
      await this.#clock.sleep(LINE_EVERY_MS, signal);
      if (signal.aborted) return new Promise(() => {}); // The race is over.
      const waitedMs = this.#clock.now() - this.#progressMs;
      const what = [...this.#waiting].join(', ') || 'the next step';
      if (waitedMs >= LIMIT_MS) {
        throw new StartTimeoutError(
          `The start was given up after ${Math.round(waitedMs / 1000)} s of waiting for ${what}. Check the data with \`npx tweet-pipes doctor\`, or try again when the machine is less busy.`,
        );
      }
      if (waitedMs >= LINE_EVERY_MS) {
        this.#log(`Still starting: waiting for ${what} (${Math.round(waitedMs / 1000)} s).`);
      }
    }
  }
}
