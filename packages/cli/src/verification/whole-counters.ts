import { parseCounterKey } from '@tweet-pipes/kit/counter-key';
import type { Item } from './stores.ts';

/** Counters by their hashtags, of items by their keys: where a counter has several items, one with their sum. */
export function wholeCounters(items: ReadonlyMap<string, Item>): Map<string, Item> {
  const counters = new Map<string, Item>();
  for (const [key, item] of items) {
    const { hashtag } = parseCounterKey(key);
    const other = counters.get(hashtag);
    const whole = { ...other, ...item, hashtag };
    counters.set(
      hashtag,
      other === undefined
        ? whole
        : { ...whole, htCount: Number(other.htCount) + Number(item.htCount), updatedAt: later(other, item) },
    );
  }
  return counters;
}

function later({ updatedAt: one }: Item, { updatedAt: other }: Item): unknown {
  return String(one) > String(other) ? one : other;
}
