import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '@tweet-pipes/kit/clock';
import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { changesPerCall, putChanges } from '@tweet-pipes/kit/orders/put-changes';
import type { Random } from '@tweet-pipes/kit/random';

/** Where and how to write. */
export interface ChangeWriting {
  client: Pick<DynamoDBClient, 'send'>;
  tableName: string;
  clock: Clock;
  random: Random;
}

/** Exponential back-off with full jitter while the table takes less than it gets. */
const backOff = { firstMs: 50, longestMs: 5_000 };

/**
 * Writes the changes in calls of distinct orders, one call after the other, so that the changes of an order keep their
 * order. What the table has no capacity for is sent again, for as long as the function may run. Throws the SDK's error.
 */
export async function writeChanges(changes: readonly OrderChange[], writing: ChangeWriting): Promise<void> {
  const { client, tableName, clock, random } = writing;
  for (const batch of batchesOf(changes)) {
    let left = batch;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt > 0) {
        await clock.sleep(random.next() * Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(attempt, 20)));
      }
      left = await putChanges(client, tableName, left);
    }
  }
}

/** Runs of changes of distinct orders, each as long as a call allows. */
function* batchesOf(changes: readonly OrderChange[]): Generator<OrderChange[]> {
  let batch = new Map<string, OrderChange>();
  for (const change of changes) {
    const id = orderIdOf(change);
    if (batch.size === changesPerCall || batch.has(id)) {
      yield [...batch.values()];
      batch = new Map();
    }
    batch.set(id, change);
  }
  if (batch.size > 0) yield [...batch.values()];
}
