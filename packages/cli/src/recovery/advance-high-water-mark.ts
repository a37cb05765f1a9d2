import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';

import { shardOf } from '@tweet-pipes/kit/position';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { RecoveryContext } from './context.ts';
import type { IngestRecord } from './ingest-record.ts';

/**
 * Advances the high-water mark of the record's shard to the record, as the workflow does for its batches. An execution
 * that still processes a record at or below it then reads the tombstones again after it has stored (docs/adr/0020). A
 * higher mark stays. `expiresAt` in epoch seconds.
 */
export async function advanceHighWaterMark(
  { clients, clock, stack }: RecoveryContext,
  { position }: Pick<IngestRecord, 'position'>,
  expiresAt: number,
): Promise<void> {
  const advance = new UpdateItemCommand({
    TableName: stack.ShardTableName,
    Key: { shard: { S: shardOf(position) } },
    UpdateExpression:
      'SET storedUpTo = :last, updatedAt = :now, expiresAt = :expiresAt, counterItem = if_not_exists(counterItem, :item)',
    ConditionExpression: 'attribute_not_exists(storedUpTo) OR storedUpTo < :last',
    ExpressionAttributeValues: {
      ':last': { S: position },
      // A shard without an item has counted nothing yet, or was counted before items had numbers.
      ':item': { N: '0' },
      ':now': { S: new Date(clock.now()).toISOString() },
      ':expiresAt': { N: String(expiresAt) },
    },
  });
  await clients.dynamodb.send(advance).catch((error: unknown) => {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
  });
}
