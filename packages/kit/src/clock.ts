import { type Clock, systemClock } from './system-clock.ts';

export { type Clock, systemClock };

/**
 * The system's clock, which a test may set ahead. Engines read the system's own clock and do not follow.
 * {@link ManualClock} suits code that waits for nothing but the clock.
 */
export class FastForwardClock implements Clock {
  #aheadMs = 0;
  #skipped = new AbortController();

  now(): number {
    return systemClock.now() + this.#aheadMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const endMs = this.now() + ms;
    let leftMs = ms;
    do {
      const { signal: skipped } = this.#skipped;
      await systemClock.sleep(leftMs, signal === undefined ? skipped : AbortSignal.any([signal, skipped]));
      leftMs = endMs - this.now();
    } while (leftMs > 0 && !signal?.aborted);
  }

  /** Sets the clock ahead by `ms` milliseconds. Sleepers whose time has come by then wake soon after. */
  skip(ms: number): void {
    this.#aheadMs += ms;
    const skipped = this.#skipped;
    this.#skipped = new AbortController();
    skipped.abort();
  }
}

/** A clock that stands still until a test advances it; sleepers wake in the order of their deadlines. */
export class ManualClock implements Clock {
  #now: number;
  #sleepers: { deadline: number; wake: () => void }[] = [];

  constructor(startMs = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { deadline: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  /** How many callers are asleep: tests wait for this before they advance. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** Moves time forward and runs everything that is due, including what the woken callers schedule within the span. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#sleepers.filter((s) => s.deadline <= end).sort((a, b) => a.deadline - b.deadline)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.deadline);
      this.#sleepers = this.#sleepers.filter((s) => s !== next);
      next.wake();
    }
    this.#now = end;
    await settle();
  }
}

/** Runs pending promise reactions: a macrotask starts after every microtask queued before it. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
