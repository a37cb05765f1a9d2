import { changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import { generateChanges } from '@tweet-pipes/kit/orders/generate-changes';
import type { OrderChange } from '@tweet-pipes/kit/orders/order';

const minuteMs = 60_000;

/** Orders live within such a window, in which their later changes are found by generating the earlier ones again. */
const windowMinutes = 30;

/** The number of a minute, since the epoch. */
export function minuteNumber(epochMs: number): number {
  return Math.floor(epochMs / minuteMs);
}

/**
 * The changes of the minute that holds `atMs`, milliseconds since the epoch: always the same for a minute and a rate,
 * so that a run that is repeated makes no other orders.
 */
export function changesOfMinute(atMs: number, changesPerMinute: number): OrderChange[] {
  return changesOfMinutes(atMs, atMs, changesPerMinute);
}

/**
 * The changes of the minutes from that of `fromMs` to that of `untilMs`, at most to the end of the first one's window.
 * No later minute has an order of that window.
 */
export function changesOfMinutes(fromMs: number, untilMs: number, changesPerMinute: number): OrderChange[] {
  const minute = minuteNumber(fromMs);
  const window = Math.floor(minute / windowMinutes);
  const startMs = window * windowMinutes * minuteMs;
  const minutes = Math.min(minuteNumber(untilMs) + 1 - window * windowMinutes, windowMinutes);
  const [first, end] = [(minute % windowMinutes) * changesPerMinute, minutes * changesPerMinute];
  const changes: OrderChange[] = [];
  if (end === 0) return changes;
  let index = 0;
  const now = () => startMs + Math.floor((index * minuteMs) / changesPerMinute);
  for (const change of generateChanges({ ...changeDefaults, seed: window % 2 ** 32 }, now)) {
    if (index >= first) changes.push(change);
    index += 1;
    if (index === end) break;
  }
  return changes;
}
