import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { Journal } from './journal.ts';

/** Waits after a failed delivery, doubling from the first to the last. Jitter shortens each by up to a half. */
const firstWaitMs = 500;
const lastWaitMs = 30_000;
/** Failed attempts in a row, about five seconds, after which the delivery is a problem of the runtime. */
const problemAfter = 4;

/**
 * Delivers sealed journals in order, one at a time, and retries a failed one until it succeeds. AWS stops after 24
 * hours (https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html).
 */
export class JournalDelivery {
  readonly #deliver: (journal: Journal, signal: AbortSignal) => Promise<void>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onProblem: (problem: string | undefined) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #stop = new AbortController();
  readonly #journals: Journal[] = [];
  readonly #waiting: (() => void)[] = [];
  #running: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(options: {
    deliver(journal: Journal, signal: AbortSignal): Promise<void>;
    clock: Clock;
    random: Random;
    /** Called with the last error when the delivery has failed for seconds, with undefined when it has succeeded. */
    onProblem(problem: string | undefined): void;
    /** Called with the error of each failed attempt. */
    onFailure?(error: unknown): void;
  }) {
    this.#deliver = options.deliver;
    this.#onProblem = options.onProblem;
    this.#onFailure = options.onFailure ?? (() => {});
    this.#clock = options.clock;
    this.#random = options.random;
  }

  add(journal: Journal): void {
    this.#journals.push(journal);
    this.#running ??= this.#run();
  }

  /** Journals that are not delivered. The first may be in delivery. */
  get journals(): readonly Journal[] {
    return this.#journals;
  }

  /** The last error of the first journal's delivery, if an attempt failed. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Resolves when fewer than `limit` journals wait, when `signal` aborts, or after `stop`. */
  async whenBelow(limit: number, signal: AbortSignal): Promise<void> {
    while (this.#journals.length >= limit && !signal.aborted && !this.#stop.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const notice = () => resolve();
      this.#waiting.push(notice);
      signal.addEventListener('abort', notice);
      await promise;
      signal.removeEventListener('abort', notice);
    }
  }

  /** Resolves when every journal is delivered, or after `stop`. */
  async done(): Promise<void> {
    await this.#running;
  }

  /** Aborts the running attempt. Its journal stays on disk. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#notifyWaiting();
    await this.#running;
  }

  #notifyWaiting(): void {
    for (const notice of this.#waiting.splice(0)) notice();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let failed = 0; this.#journals[0] !== undefined && !signal.aborted; ) {
      const journal = this.#journals[0];
      try {
        await this.#deliver(journal, signal);
        this.#journals.shift();
        this.#notifyWaiting();
        this.#trouble = undefined;
        this.#onProblem(undefined);
        failed = 0;
      } catch (error) {
        if (signal.aborted) break;
        failed += 1;
        this.#onFailure(error);
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        this.#trouble = `attempt ${failed} failed: ${reason}`;
        if (failed >= problemAfter) this.#onProblem(`its object cannot be put: ${reason}`);
        const waitMs = Math.min(lastWaitMs, firstWaitMs * 2 ** (failed - 1));
        await this.#clock.sleep(waitMs * (1 - this.#random.next() / 2), signal);
      }
    }
    this.#running = undefined;
  }
}
