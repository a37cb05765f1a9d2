import type { OrderChange } from '@tweet-pipes/kit/orders/order';
import { changesOfMinute, changesOfMinutes, minuteNumber } from './changes-of-minute.ts';
import { type ChangeWriting, writeChanges } from './write-changes.ts';

/** The minute to write, and how. */
export interface MinuteWriting extends Omit<ChangeWriting, 'deletedAt'> {
  /** Epoch milliseconds. */
  atMs: number;
  changesPerMinute: number;
}

/**
 * Writes the changes of a minute and returns how many were written. EventBridge Scheduler and Lambda may run a minute
 * again, also after later ones: then no order steps back, and none that was deleted returns. Throws what `put` throws.
 */
export async function writeMinute({ atMs, changesPerMinute, ...writing }: MinuteWriting): Promise<number> {
  const changes = changesOfMinute(atMs, changesPerMinute);
  let known = { minute: minuteNumber(atMs), ids: deletedIn(changes) };
  const deletedAt = (nowMs: number): ReadonlySet<string> => {
    const minute = minuteNumber(nowMs);
    if (minute > known.minute) known = { minute, ids: deletedIn(changesOfMinutes(atMs, nowMs, changesPerMinute)) };
    return known.ids;
  };
  return writeChanges(changes, { ...writing, deletedAt });
}

function deletedIn(changes: readonly OrderChange[]): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => (change.kind === 'delete' ? [change.orderid] : [])));
}
