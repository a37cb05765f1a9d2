import type { Clock } from '@tweet-pipes/kit/clock';

/**
 * A clock that records waits and ends them at once, except for the timeout of a silent connection: that passes by
 * `passSilence`.
 */
export class RecordingClock implements Clock {
  readonly waitsMs: number[] = [];
  /** How often a wait for a chunk has begun. */
  listenings = 0;
  /** Called before a wait is over. */
  onWait: () => void = () => {};
  #nowMs = Date.parse('2026-08-01T00:00:00Z');
  readonly #silenceMs: number;
  readonly #silent = new Set<() => void>();

  /** @param silenceMs length of that timeout */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  now(): number {
    return this.#nowMs;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  get isListening(): boolean {
    return this.#silent.size > 0;
  }

  passSilence(): void {
    this.pass(this.#silenceMs);
    for (const wake of this.#silent) wake();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    if (ms !== this.#silenceMs) {
      this.waitsMs.push(ms);
      this.pass(ms);
      this.onWait();
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    this.listenings += 1;
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#silent.delete(wake);
        resolve();
      };
      this.#silent.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
