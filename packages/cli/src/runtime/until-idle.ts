import type { Clock } from '@tweet-pipes/kit/clock';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Pending } from '@tweet-pipes/local-aws';

/** Time between two polls. */
const pollMs = 200;
/** Longer than a workflow may take, and than the waits between the attempts of a batch. */
export const STUCK_SECONDS = 300;
/** Before the first line about what is pending, and between such lines. */
const quietMs = 5_000;
const nextLineMs = 60_000;

/** How {@link untilIdle} waits. */
export interface IdleWait {
  clock: Clock;
  /** Ends the wait early, without an error. */
  signal: AbortSignal;
  /** Told after each answer that is not empty. */
  onPending?(pending: readonly Pending[]): void;
  /** Gets a line that says for what it waits, after five seconds and then every minute. */
  log?(line: string): void;
  /** Seconds, default {@link STUCK_SECONDS}, for which the same work may stay pending. */
  timeoutSeconds?: number;
}

/**
 * Asks a runtime what is pending until nothing is. `ask` answers undefined when the runtime does not answer. Throws
 * CliError, exit code 2, when the same work stays pending for the time limit.
 */
export async function untilIdle(
  ask: () => Promise<readonly Pending[] | undefined>,
  { clock, signal, onPending, log, timeoutSeconds = STUCK_SECONDS }: IdleWait,
): Promise<void> {
  let last = '';
  let lineMs = clock.now() + quietMs;
  for (let changedMs = clock.now(); !signal.aborted; await clock.sleep(pollMs, signal)) {
    const pending = await ask();
    if (pending === undefined) continue;
    if (pending.length === 0) return;
    onPending?.(pending);
    if (log !== undefined && clock.now() >= lineMs) {
      log(`Waiting for ${pending.map(({ what, detail }) => `${what} (${detail})`).join(', ')}.`);
      lineMs = clock.now() + nextLineMs;
    }
    const details = pending.map(({ what, detail }) => `${what}: ${detail}`).join('\n  ');
    if (details !== last) changedMs = clock.now();
    else if (clock.now() - changedMs > timeoutSeconds * 1000) {
      throw new CliError(`Nothing has moved for ${timeoutSeconds} s. Pending:\n  ${details}`, { exitCode: 2 });
    }
    last = details;
  }
}
