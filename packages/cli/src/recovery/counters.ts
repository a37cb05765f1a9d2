import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import { parseCounterKey } from '@tweet-pipes/kit/counter-key';
import { isHighWaterMarkName } from '@tweet-pipes/kit/position';

import type { RecoveryContext } from './context.ts';

/** An item of a counter as it was read. */
export interface CounterItem {
  /** `htCount` as stored; undefined when there is no item or no such attribute. */
  stored: AttributeValue | undefined;
  updatedAt: AttributeValue | undefined;
  /** By attribute name. */
  highWaterMarks: Map<string, string>;
}

/** A counter as it was read, and what it must be by the evidence. */
export interface Counter {
  /** By their numbers; the count is their sum. */
  items: Map<number, CounterItem>;
  /** Distinct tweets with this hashtag whose counting is due. */
  expected: number;
  /**
   * Stored tweets above their high-water mark that the stream may still deliver: the workflow will count them.
   */
  pending: number;
  /** How many of `expected` are on the out-of-order list. */
  outOfOrder: number;
  /** High-water marks to write with `expected`, so that nothing of it is counted again. By attribute name. */
  advanced: Map<string, string>;
}

/**
 * Every counter of the table by its hashtag; consistent. Memory grows with the number of hashtags and high-water marks.
 */
export async function readCounters({ clients, stack }: RecoveryContext): Promise<Map<string, Counter>> {
  const counters = new Map<string, Counter>();
  const pages = paginateScan({ client: clients.dynamodb }, { TableName: stack.HashtagTableName, ConsistentRead: true });
  for await (const { Items = [] } of pages) {
    for (const { hashtag: key, htCount, updatedAt, ...others } of Items) {
      if (key?.S === undefined) continue;
      const { hashtag, item: number } = parseCounterKey(key.S);
      const item = { ...newCounterItem(), stored: htCount, updatedAt };
      for (const [name, { S }] of Object.entries(others)) {
        if (S !== undefined && isHighWaterMarkName(name)) item.highWaterMarks.set(name, S);
      }
      const counter = counters.get(hashtag) ?? newCounter();
      counters.set(hashtag, counter);
      counter.items.set(number, item);
    }
  }
  return counters;
}

/** A counter without any item. */
export function newCounter(): Counter {
  return { items: new Map(), expected: 0, pending: 0, outOfOrder: 0, advanced: new Map() };
}

/** An item that is not there. */
export function newCounterItem(): CounterItem {
  return { stored: undefined, updatedAt: undefined, highWaterMarks: new Map() };
}

/** The highest high-water mark of a shard, by the name of its attribute; empty where there is none. */
export function highWaterMark({ items }: Counter, name: string): string {
  const marks = [...items.values()].map(({ highWaterMarks }) => highWaterMarks.get(name) ?? '');
  return marks.sort().at(-1) ?? '';
}

/** The stored number, 0 if there is none; undefined when an item holds what is not a count. */
export function storedCount({ items }: Counter): number | undefined {
  let sum = 0;
  for (const { stored } of items.values()) {
    const count = stored === undefined ? 0 : Number(stored.N ?? Number.NaN);
    if (!Number.isSafeInteger(count) || count < 0) return undefined;
    sum += count;
  }
  return sum;
}
