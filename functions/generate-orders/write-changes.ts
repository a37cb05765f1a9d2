import type { Clock } from '@tweet-pipes/kit/clock';
import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import type { Random } from '@tweet-pipes/kit/random';
import type { PutOutcome } from './put-change.ts';

/** How to write. */
export interface ChangeWriting {
  put(change: OrderChange): Promise<PutOutcome>;
  /** The orders that are deleted by now. What was before is not written: it would bring them back. */
  deletedAt(nowMs: number): ReadonlySet<string>;
  clock: Clock;
  random: Random;
}

/** Exponential back-off with full jitter while the table takes less than it gets. */
const backOff = { firstMs: 50, longestMs: 5_000 };

/** Changes that are under way at a time. */
const mostAtOnce = 25;

/**
 * Writes the changes in groups of distinct orders, one group after the other, so that the changes of an order keep
 * their order. What the table has no capacity for is sent again, for as long as the function may run. Returns how many
 * were written; the others were older than what the table has. Throws what `put` throws.
 */
export async function writeChanges(changes: readonly OrderChange[], writing: ChangeWriting): Promise<number> {
  const { put, deletedAt, clock, random } = writing;
  let written = 0;
  for (const group of groupsOf(changes)) {
    let left = group;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt > 0) {
        await clock.sleep(random.next() * Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(attempt, 20)));
      }
      const deleted = deletedAt(clock.now());
      const current = left.filter((change) => change.kind === 'delete' || !deleted.has(orderIdOf(change)));
      const outcomes = await Promise.all(current.map(async (change) => ({ change, outcome: await put(change) })));
      written += outcomes.filter(({ outcome }) => outcome === 'written').length;
      left = outcomes.filter(({ outcome }) => outcome === 'throttled').map(({ change }) => change);
    }
  }
  return written;
}

/** Runs of changes of distinct orders. */
function* groupsOf(changes: readonly OrderChange[]): Generator<OrderChange[]> {
  let group = new Map<string, OrderChange>();
  for (const change of changes) {
    const id = orderIdOf(change);
    if (group.size === mostAtOnce || group.has(id)) {
      yield [...group.values()];
      group = new Map();
    }
    group.set(id, change);
  }
  if (group.size > 0) yield [...group.values()];
}
