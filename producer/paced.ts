import type { Clock } from '@tweet-pipes/kit/clock';

/** A source or stream that was slow catches up at most this much at once. */
const maximumCatchUpMs = 1000;

/**
 * The same items, evenly paced, at most `perSecond` a second; fewer if the source or the consumer is slower. Ends early
 * once the signal aborts.
 */
export async function* paced<T>(
  items: AsyncIterable<T> | Iterable<T>,
  { perSecond, clock, signal }: { perSecond: number; clock: Clock; signal?: AbortSignal | undefined },
): AsyncGenerator<T> {
  const gapMs = 1000 / perSecond;
  let dueMs = clock.now();
  for await (const item of items) {
    // Timers have a resolution of a millisecond; shorter waits accumulate.
    if (dueMs - clock.now() >= 1) await clock.sleep(dueMs - clock.now(), signal);
    if (signal?.aborted) return;
    dueMs = Math.max(dueMs, clock.now() - maximumCatchUpMs) + gapMs;
    yield item;
  }
}
