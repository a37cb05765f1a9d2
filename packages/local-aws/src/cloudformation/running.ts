import type { Clock } from '@tweet-pipes/kit/clock';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { StackEngine, StackOperation } from './stack.ts';

/**
 * How long an answer waits for the end of the operation that it begins. AWS answers at once, and clients then ask every
 * 5 to 30 seconds. Most operations here end within this time, so the first question finds the end.
 */
const PATIENCE_MS = 10_000;

/** Resolves when something is over, however it ended, or after {@link PATIENCE_MS}: it then goes on. */
export async function awaitPatiently(done: Promise<unknown>, clock: Pick<Clock, 'sleep'>): Promise<void> {
  const over = new AbortController();
  const end = done.catch(() => {}).finally(() => over.abort());
  await Promise.race([end, clock.sleep(PATIENCE_MS, over.signal)]);
}

/** What the follower of operations needs. */
export interface RunningParts {
  readonly clock: Clock;
  readonly engine: () => StackEngine;
  /** Called with one line for an operation that ended by a defect. */
  log(line: string): void;
}

/** The operations that clients have begun. */
export class Running {
  readonly #parts: RunningParts;

  constructor(parts: RunningParts) {
    this.#parts = parts;
  }

  /** Returns when the operation is over, or after {@link PATIENCE_MS}: it then goes on. */
  async follow(operation: StackOperation, { isDeletedOnFailure = false } = {}): Promise<void> {
    const { clock, log } = this.#parts;
    const end = this.#end(operation, isDeletedOnFailure).catch((error: unknown) =>
      log(`cloudformation: ${operation.stackId}: ${sentence(error)}`),
    );
    await awaitPatiently(end, clock);
  }

  async #end({ stackId, done }: StackOperation, isDeletedOnFailure: boolean): Promise<void> {
    const { status } = await done;
    if (!isDeletedOnFailure || !/^(ROLLBACK_COMPLETE|CREATE_FAILED)$/.test(status)) return;
    await (await this.#parts.engine().remove(stackId)).done;
  }
}
