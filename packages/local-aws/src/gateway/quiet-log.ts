import type { Clock } from '@tweet-pipes/kit/clock';

/** Milliseconds for which a line is not printed again. */
const QUIET_MS = 60_000;
/** Different lines in that time. A caller that varies its requests must not fill the terminal. */
const MOST_LINES = 20;

/**
 * Wraps a log that strangers can fill: each line once a minute, and at most 20 lines in a minute. Lines with the same
 * `key`, default the line, count as one.
 */
export function quietLog(log: (line: string) => void, clock: Pick<Clock, 'now'>): (line: string, key?: string) => void {
  const printed = new Map<string, number>();
  return (line, key = line) => {
    const nowMs = clock.now();
    for (const [old, atMs] of printed) {
      if (nowMs - atMs < QUIET_MS) break; // The rest is later.
      printed.delete(old);
    }
    if (printed.has(key) || printed.size > MOST_LINES) return;
    printed.set(key, nowMs);
    log(printed.size > MOST_LINES ? 'More requests are refused. They are not shown for a minute.' : line);
  };
}
