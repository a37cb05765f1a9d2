/** Time for every part of the system. Parts call neither `Date.now` nor `setTimeout`, so that tests control time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, or at once when `signal` aborts; it never rejects, so callers check the signal.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The system's time and this process's timers. A sleep keeps the process alive. The longest one is 2^31 - 1 ms
 * (24 days); Node ends a longer one at once.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake);
    }),
};
