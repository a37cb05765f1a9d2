import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { itemBytes } from '@tweet-pipes/local-aws/engines/item-size';

/**
 * What DynamoDB adds to each item for the index,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const INDEX_BYTES = 100;

/** Counts the items of a table, and their bytes as DynamoDB counts them. Reads the whole table. */
export async function storedBytes(client: DynamoDBClient, table: string): Promise<{ items: number; bytes: number }> {
  const stored = { items: 0, bytes: 0 };
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    stored.items += Items.length;
    for (const item of Items) stored.bytes += itemBytes({ ...item }) + INDEX_BYTES;
  }
  return stored;
}

/** The average size of the items of a table, as DynamoDB counts it; 0 without any. Reads the whole table. */
export async function averageBytes(client: DynamoDBClient, table: string): Promise<number> {
  const { items, bytes } = await storedBytes(client, table);
  return items === 0 ? 0 : bytes / items;
}
