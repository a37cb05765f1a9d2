import type { Clock } from '@tweet-pipes/kit/clock';

/** Retries and waits of the workflow take no time; its timeouts never pass. */
export class HurriedClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');

  now(): number {
    this.#now += 1;
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms < 100_000) return;
    await new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
