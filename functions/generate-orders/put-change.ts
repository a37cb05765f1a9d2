import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { OrderChange } from '@tweet-pipes/kit/orders/order';
import { itemOf } from '@tweet-pipes/kit/orders/put-changes';
import { isNamed } from '@tweet-pipes/kit/thrown';

/** What became of a change: `older` than what the table has, or to be sent again, because the table was `throttled`. */
export type PutOutcome = 'written' | 'older' | 'throttled';

/** Of a table on demand, of one with provisioned capacity, and of the account. */
const throttling = ['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'];

/**
 * Writes a change, unless the table has the order as it is after this change or a later one. Throws the SDK's error for
 * any other reason.
 */
export async function putChange(
  client: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  change: OrderChange,
): Promise<PutOutcome> {
  try {
    if (change.kind === 'delete') {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: { orderid: { S: change.orderid } } }));
    } else {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: itemOf(change.order),
          ConditionExpression: 'attribute_not_exists(orderid) OR updated_at < :at',
          ExpressionAttributeValues: { ':at': { S: change.order.updated_at } },
        }),
      );
    }
    return 'written';
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return 'older';
    if (isNamed(error, ...throttling)) return 'throttled';
    throw error;
  }
}
