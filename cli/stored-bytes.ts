import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { itemBytes } from '../local/meter/item-bytes.ts';

/** What DynamoDB adds to each item for the index, https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const INDEX_BYTES = 100;

const items = z.array(z.record(z.string(), z.unknown()));

/** Bytes that an item of the table takes on average, by one page of it; 0 for an empty table. */
export async function averageItemBytes(client: DynamoDBClient, table: string): Promise<number> {
  const { Items } = await client.send(new ScanCommand({ TableName: table }));
  const page = items.parse(Items ?? []);
  if (page.length === 0) return 0;
  return page.reduce((sum, item) => sum + itemBytes(item), 0) / page.length + INDEX_BYTES;
}
