import type { Visibility } from '../live.ts';

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
