import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { type Order, type OrderChange, orderIdOf } from './order.ts';

/** Most changes of one call (AWS: "BatchWriteItem"). */
export const changesPerCall = 25;

/**
 * Writes changes of distinct orders with one BatchWriteItem, which keeps no order. Gives back those that the table had
 * no capacity for. Throws the SDK's error: of a throttled call too, when it took none of them.
 */
export async function putChanges(
  client: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  changes: readonly OrderChange[],
): Promise<OrderChange[]> {
  const { UnprocessedItems } = await client.send(
    new BatchWriteItemCommand({ RequestItems: { [tableName]: changes.map(requestOf) } }),
  );
  const left = new Set((UnprocessedItems?.[tableName] ?? []).map(keyOf));
  return left.size === 0 ? [] : changes.filter((change) => left.has(orderIdOf(change)));
}

/** The item of an order. */
export function itemOf(order: Order): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(order).map(([name, value]): [string, AttributeValue] => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: String(value) },
    ]),
  );
}

function requestOf(change: OrderChange): WriteRequest {
  return change.kind === 'delete'
    ? { DeleteRequest: { Key: { orderid: { S: change.orderid } } } }
    : { PutRequest: { Item: itemOf(change.order) } };
}

function keyOf({ PutRequest, DeleteRequest }: WriteRequest): string | undefined {
  return (PutRequest?.Item ?? DeleteRequest?.Key)?.orderid?.S;
}
