import type { Clock } from '@tweet-pipes/kit/clock';

/** Milliseconds between two attempts, and in all. Local engines need well under a second. */
const POLL_MS = 20;
const LIMIT_MS = 30_000;

/**
 * Calls `ask` until it returns a value that is not undefined. Throws after 30 seconds; `what` is the subject of the
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
