import type { Clock } from '@tweet-pipes/kit/clock';
import type { LoggedEvent } from './log-event.ts';
import type { ReadLog } from './read-log.ts';

export interface LogScanOptions {
  readonly read: ReadLog;
  readonly clock: Clock;
  readonly logGroupName: string;
  readonly pattern: string;
  /** Gets each event at least once, those of one page in their order. */
  onEvents(events: readonly LoggedEvent[]): void;
}

/** How far a scan has come. */
export interface ScannedRange {
  /** Everything from here on has been read; milliseconds since the epoch. */
  readonly fromMs: number;
  readonly isComplete: boolean;
}

/** Events can come this much later than their time says. AWS delivers most within seconds. */
const LATE_MS = 30_000;
/** The first step back in time. Each further one is twice as long. */
const FIRST_STEP_MS = 60_000;

/**
 * Reads a log group from now backwards, and what is new since, in calls of bounded time: the latest events are there
 * first, however many there are.
 */
export class LogScan {
  readonly #options: LogScanOptions;
  #oldestMs: number;
  #newestMs: number;
  #stepMs = FIRST_STEP_MS;
  #backward: { pages: AsyncIterator<{ events: readonly LoggedEvent[] }>; fromMs: number } | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LogScanOptions) {
    this.#options = options;
    this.#oldestMs = options.clock.now();
    this.#newestMs = this.#oldestMs;
  }

  /**
   * Reads what is new, then backwards until `fromMs` or until `budgetMs` milliseconds are over. At least one page of
   * each. Throws what reading throws; the next call goes on there.
   */
  async extend(fromMs: number, budgetMs: number): Promise<ScannedRange> {
    this.#running ??= this.#extend(fromMs, budgetMs).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
    return { fromMs: Math.max(fromMs, this.#oldestMs), isComplete: this.#oldestMs <= fromMs };
  }

  /** Forgets how far back it has read, to `fromMs`. The listener has dropped what is older. */
  forgetBefore(fromMs: number): void {
    this.#oldestMs = Math.max(this.#oldestMs, Math.min(fromMs, this.#newestMs));
    this.#backward = undefined;
  }

  async #extend(fromMs: number, budgetMs: number): Promise<void> {
    const endMs = this.#options.clock.now() + budgetMs;
    await this.#forward(endMs);
    do {
      if (this.#oldestMs <= fromMs) return;
      await this.#back(fromMs);
    } while (this.#options.clock.now() < endMs);
  }

  async #forward(endMs: number): Promise<void> {
    const { read, clock, onEvents, logGroupName, pattern } = this.#options;
    const toMs = clock.now() + LATE_MS;
    for await (const { events, reachedMs } of read({ logGroupName, pattern, fromMs: this.#newestMs - LATE_MS, toMs })) {
      onEvents(events);
      this.#newestMs = Math.max(this.#newestMs, Math.min(reachedMs, toMs - LATE_MS));
      if (clock.now() >= endMs) return;
    }
  }

  /** Reads one page of the step that lies before everything that is read. */
  async #back(fromMs: number): Promise<void> {
    const { read, onEvents, logGroupName, pattern } = this.#options;
    if (this.#backward === undefined) {
      const start = Math.max(fromMs, this.#oldestMs - this.#stepMs);
      const pages = read({ logGroupName, pattern, fromMs: start, toMs: this.#oldestMs })[Symbol.asyncIterator]();
      this.#backward = { pages, fromMs: start };
      this.#stepMs *= 2;
    }
    const { pages, fromMs: start } = this.#backward;
    try {
      const { done, value } = await pages.next();
      if (done !== true) return onEvents(value.events);
      this.#oldestMs = start;
      this.#backward = undefined;
    } catch (error) {
      this.#backward = undefined;
      throw error;
    }
  }
}
