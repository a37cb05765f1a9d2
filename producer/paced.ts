import type { Clock } from '@tweet-pipes/kit/clock';

/** What was missed, by a source or a stream that was slow for a while, is made up for by at most so much at once. */
const mostBehindMs = 1000;

/**
 * The same items, at most `perSecond` a second, evenly; fewer when they come or are taken more slowly. Ends early once
 * the signal aborts.
 */
export async function* paced<T>(
  items: AsyncIterable<T> | Iterable<T>,
  { perSecond, clock, signal }: { perSecond: number; clock: Clock; signal?: AbortSignal | undefined },
): AsyncGenerator<T> {
  const gapMs = 1000 / perSecond;
  let dueMs = clock.now();
  for await (const item of items) {
    // Timers are no finer than a millisecond; a debt of less is paid with the next items.
    if (dueMs - clock.now() >= 1) await clock.sleep(dueMs - clock.now(), signal);
    if (signal?.aborted) return;
    dueMs = Math.max(dueMs, clock.now() - mostBehindMs) + gapMs;
    yield item;
  }
}
