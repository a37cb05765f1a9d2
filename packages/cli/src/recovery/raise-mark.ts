import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';

import { shardOf } from '@tweet-pipes/kit/position';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { IngestRecord } from './ingest-record.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Raises the mark of a record's shard to the record, as the workflow does for its batches: an execution that still
 * holds a record at or below it looks at `deletions` once more after it has stored (docs/adr/0020). A mark that is
 * higher stays. `expiresAt` in epoch seconds.
 */
export async function raiseMark(
  { clients, clock, stack }: Surroundings,
  { position }: Pick<IngestRecord, 'position'>,
  expiresAt: number,
): Promise<void> {
  const raise = new UpdateItemCommand({
    TableName: stack.ShardTableName,
    Key: { shard: { S: shardOf(position) } },
    UpdateExpression: 'SET storedUpTo = :last, updatedAt = :now, expiresAt = :expiresAt',
    ConditionExpression: 'attribute_not_exists(storedUpTo) OR storedUpTo < :last',
    ExpressionAttributeValues: {
      ':last': { S: position },
      ':now': { S: new Date(clock.now()).toISOString() },
      ':expiresAt': { N: String(expiresAt) },
    },
  });
  await clients.dynamodb.send(raise).catch((error: unknown) => {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
  });
}
