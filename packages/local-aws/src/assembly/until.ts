import type { Clock } from '@tweet-pipes/kit/clock';

/**
 * Milliseconds between two looks, and the longest that a resource may take: engines on this machine need well under a
 * second.
 */
const POLL_MS = 20;
const LIMIT_MS = 30_000;

/**
 * Asks until the answer is there (not undefined). Throws when that takes longer than 30 seconds; `what` names it in the
 * message.
 */
export async function until<T>(clock: Clock, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = clock.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (clock.now() >= deadline) throw new Error(`${what} was not ready after ${LIMIT_MS / 1000} seconds.`);
    await clock.sleep(POLL_MS);
  }
}
