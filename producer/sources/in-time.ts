import type { Clock } from '@tweet-pipes/kit/clock';

/** Whether `event` resolves before the timeout and before an abort. Rejects if it does. Late results are ignored. */
export async function inTime(
  event: Promise<unknown>,
  { ms, clock, signal }: { ms: number; clock: Clock; signal: AbortSignal },
): Promise<boolean> {
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([event.then(() => true), clock.sleep(ms, over.signal).then(() => false)]);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
