import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import type { Sink } from '../sink.ts';
import { changeOf } from './order-source.ts';

/**
 * A table of orders. `put` writes changes of distinct orders with one call and gives back those that the table had no
 * capacity for.
 */
export function orderSink(
  tableName: string,
  put: (changes: readonly OrderChange[]) => Promise<readonly OrderChange[]>,
): Sink<object> {
  return {
    kind: 'table',
    name: tableName,
    async put(records) {
      const left = new Set((await put(records.map(changeOf))).map(orderIdOf));
      return records.map(({ partitionKey }) =>
        left.has(partitionKey) ? { reason: 'the table had no capacity', isThrottled: true } : { landed: {} },
      );
    },
  };
}
