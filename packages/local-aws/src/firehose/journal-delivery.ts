import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { Journal } from './journal.ts';

/** The first wait after a failed delivery, doubled up to the last; each is shortened by up to a half, by chance. */
const firstWaitMs = 500;
const lastWaitMs = 30_000;

/**
 * Delivers sealed journals in order, one at a time, and repeats a failed one until it succeeds: what was acknowledged
 * is never given up. AWS gives up after 24 hours (https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html).
 */
export class Delivery {
  readonly #deliver: (journal: Journal, signal: AbortSignal) => Promise<void>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #stop = new AbortController();
  readonly #journals: Journal[] = [];
  #running: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(options: {
    deliver(journal: Journal, signal: AbortSignal): Promise<void>;
    clock: Clock;
    random: Random;
  }) {
    this.#deliver = options.deliver;
    this.#clock = options.clock;
    this.#random = options.random;
  }

  add(journal: Journal): void {
    this.#journals.push(journal);
    this.#running ??= this.#run();
  }

  /** Journals that are not delivered yet, the first perhaps under way. */
  get journals(): readonly Journal[] {
    return this.#journals;
  }

  /** Why the first journal is not delivered yet, if an attempt failed. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Resolves when nothing is left, or nothing is tried any more. */
  async done(): Promise<void> {
    await this.#running;
  }

  /** Ends the attempt under way; its journal stays on disk. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let failed = 0; this.#journals[0] !== undefined && !signal.aborted; ) {
      const journal = this.#journals[0];
      try {
        await this.#deliver(journal, signal);
        this.#journals.shift();
        this.#trouble = undefined;
        failed = 0;
      } catch (error) {
        failed += 1;
        this.#trouble = `attempt ${failed} failed: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`;
        const waitMs = Math.min(lastWaitMs, firstWaitMs * 2 ** (failed - 1));
        await this.#clock.sleep(waitMs * (1 - this.#random.next() / 2), signal);
      }
    }
    this.#running = undefined;
  }
}
