import type { LiveClock, Visibility } from '../live.ts';

/** The browser's clock and timers. */
export const browserClock: LiveClock = {
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

/** Whether the browser shows the page. */
export const browserVisibility: Visibility = {
  get isVisible() {
    return document.visibilityState === 'visible';
  },
  visible: (signal) =>
    new Promise((resolve) => {
      const listening = new AbortController();
      const end = () => {
        listening.abort();
        resolve();
      };
      const look = () => {
        if (document.visibilityState === 'visible') end();
      };
      document.addEventListener('visibilitychange', look, { signal: listening.signal });
      signal.addEventListener('abort', end, { signal: listening.signal });
      if (signal.aborted) end();
      look();
    }),
};
