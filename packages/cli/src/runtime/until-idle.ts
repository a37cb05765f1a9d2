import type { Clock } from '@tweet-pipes/kit/clock';
import type { Pending } from '@tweet-pipes/local-aws';
import { CliError } from '../cli-error.ts';

/** Time between two polls. */
const pollMs = 200;
/** Longer than a workflow may take, and than the waits between the attempts of a batch. */
const stuckMs = 300_000;

/** How {@link untilIdle} waits. */
export interface IdleWait {
  clock: Clock;
  /** Ends the wait early, without an error. */
  signal: AbortSignal;
  /** Told after each answer that is not empty. */
  onPending?(pending: readonly Pending[]): void;
}

/**
 * Asks a runtime what is pending until nothing is. `ask` answers undefined when the runtime does not answer. Throws
 * CliError, exit code 2, when the same work stays pending for five minutes.
 */
export async function untilIdle(
  ask: () => Promise<readonly Pending[] | undefined>,
  { clock, signal, onPending }: IdleWait,
): Promise<void> {
  let last = '';
  for (let changedMs = clock.now(); !signal.aborted; await clock.sleep(pollMs, signal)) {
    const pending = await ask();
    if (pending === undefined) continue;
    if (pending.length === 0) return;
    onPending?.(pending);
    const details = pending.map(({ what, detail }) => `${what}: ${detail}`).join('\n  ');
    if (details !== last) changedMs = clock.now();
    else if (clock.now() - changedMs > stuckMs) {
      throw new CliError(`Nothing has moved for ${stuckMs / 1000} s. Pending:\n  ${details}`, { exitCode: 2 });
    }
    last = details;
  }
}
