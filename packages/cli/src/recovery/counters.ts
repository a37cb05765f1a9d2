import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import { isHighWaterMarkName } from '@tweet-pipes/kit/position';

import type { RecoveryContext } from './context.ts';

/** A counter as it was read, and what it must be by the evidence. */
export interface Counter {
  /** `htCount` as stored; undefined when there is no item or no such attribute. */
  stored: AttributeValue | undefined;
  updatedAt: AttributeValue | undefined;
  /** By attribute name. */
  highWaterMarks: Map<string, string>;
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
    for (const { hashtag, htCount, updatedAt, ...others } of Items) {
      if (hashtag?.S === undefined) continue;
      const counter = newCounter();
      counter.stored = htCount;
      counter.updatedAt = updatedAt;
      for (const [name, { S }] of Object.entries(others)) {
        if (S !== undefined && isHighWaterMarkName(name)) counter.highWaterMarks.set(name, S);
      }
      counters.set(hashtag.S, counter);
    }
  }
  return counters;
}

export function newCounter(): Counter {
  return {
    stored: undefined,
    updatedAt: undefined,
    highWaterMarks: new Map(),
    expected: 0,
    pending: 0,
    outOfOrder: 0,
    advanced: new Map(),
  };
}

/** The stored number, 0 if there is none; undefined when it is not a count. */
export function storedCount({ stored }: Counter): number | undefined {
  if (stored === undefined) return 0;
  const count = stored.N === undefined ? Number.NaN : Number(stored.N);
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
