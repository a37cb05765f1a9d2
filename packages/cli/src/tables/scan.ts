import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';

/** What a scan has read so far. */
export interface ScanCost {
  items: number;
  /** Of 8 KB each: reads are eventually consistent. */
  readUnits: number;
}

/**
 * Items of a page. A megabyte of small items are 37,000: the SDK takes 100 ms to read them, in which the process does
 * nothing else, and the local engine takes three times as long for each as in small pages.
 */
const PAGE_ITEMS = 4_000;

/**
 * Reads a whole table in pages of at most a megabyte and {@link PAGE_ITEMS}, and adds each to `cost`. Only the named
 * attributes are returned; all are paid for.
 */
export async function* scan(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  attributes: readonly string[],
  cost: ScanCost,
): AsyncGenerator<Record<string, AttributeValue>[]> {
  const names = Object.fromEntries(attributes.map((attribute, index) => [`#${index}`, attribute]));
  const request = {
    TableName: table,
    Limit: PAGE_ITEMS,
    ProjectionExpression: Object.keys(names).join(', '),
    ExpressionAttributeNames: names,
    ReturnConsumedCapacity: 'TOTAL' as const,
  };
  for await (const { Items = [], ConsumedCapacity } of paginateScan({ client: clients.dynamodb }, request)) {
    cost.items += Items.length;
    cost.readUnits += ConsumedCapacity?.CapacityUnits ?? 0;
    yield Items;
  }
}
