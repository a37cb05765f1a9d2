import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';

/** AWS: "BatchGetItem", at most 100 keys a call. */
const perCall = 100;

/**
 * By shard, the position up to which the pipe has processed it; none for a shard without a mark. Throws the SDK's
 * error, and Error when DynamoDB does not answer all, since a mark that is missing would say something else.
 */
export async function readHighWaterMarks(
  { dynamodb }: Pick<AwsClients, 'dynamodb'>,
  shardTable: string,
  shardIds: readonly string[],
): Promise<Map<string, string>> {
  const marks = new Map<string, string>();
  for (let start = 0; start < shardIds.length; start += perCall) {
    const Keys = shardIds.slice(start, start + perCall).map((shard) => ({ shard: { S: shard } }));
    const { Responses, UnprocessedKeys } = await dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: {
          [shardTable]: {
            Keys,
            ConsistentRead: true,
            // `shard` is a reserved word of DynamoDB.
            ProjectionExpression: '#shard, storedUpTo',
            ExpressionAttributeNames: { '#shard': 'shard' },
          },
        },
      }),
    );
    if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new Error(`${shardTable} is throttled`);
    for (const { shard, storedUpTo } of Responses?.[shardTable] ?? []) {
      if (shard?.S !== undefined && storedUpTo?.S !== undefined) marks.set(shard.S, storedUpTo.S);
    }
  }
  return marks;
}
