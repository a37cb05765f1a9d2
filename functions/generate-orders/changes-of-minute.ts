import { changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import { generateChanges } from '@tweet-pipes/kit/orders/generate-changes';
import type { OrderChange } from '@tweet-pipes/kit/orders/order';

const minuteMs = 60_000;

/** Orders live within such a window, in which their later changes are found by generating the earlier ones again. */
const windowMinutes = 30;

/**
 * The changes of the minute that holds `atMs`, milliseconds since the epoch: always the same for a minute and a rate,
 * so that a run that is repeated makes no other orders.
 */
export function changesOfMinute(atMs: number, changesPerMinute: number): OrderChange[] {
  if (changesPerMinute === 0) return [];
  const minute = Math.floor(atMs / minuteMs);
  const window = Math.floor(minute / windowMinutes);
  let index = 0;
  const startMs = window * windowMinutes * minuteMs;
  const now = () => startMs + Math.floor((index * minuteMs) / changesPerMinute);
  const first = (minute % windowMinutes) * changesPerMinute;
  const changes: OrderChange[] = [];
  for (const change of generateChanges({ ...changeDefaults, seed: window % 2 ** 32 }, now)) {
    if (index >= first) changes.push(change);
    index += 1;
    if (changes.length === changesPerMinute) break;
  }
  return changes;
}
