import { paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { keysPerCall, type RawItem, readKeys } from '../tables/read-keys.ts';
import { atATime } from './at-a-time.ts';
import type { Item } from './stores.ts';

/** Every item of a table, by its key; consistent. Reads, and on AWS bills, the whole table. */
export async function readWholeTable(clients: AwsClients, table: string, key: string): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  const pages = paginateScan({ client: clients.dynamodb }, { TableName: table, ConsistentRead: true });
  for await (const { Items = [] } of pages) for (const item of Items) keep(items, key, item);
  return items;
}

/**
 * The items of a table that have one of these keys; consistent. Keys without an item are left out. Waits, and reads
 * unprocessed keys again. Throws CliError when DynamoDB throttles more than ten times in a row.
 */
export async function readItems(
  clients: AwsClients,
  clock: Clock,
  table: string,
  key: string,
  wanted: Iterable<string>,
): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  const all = [...wanted];
  const starts = Array.from({ length: Math.ceil(all.length / keysPerCall) }, (_, call) => call * keysPerCall);
  await atATime(8, starts, async (start) => {
    const keys = all.slice(start, start + keysPerCall).map((value) => ({ [key]: { S: value } }));
    for (const item of await readKeys({ clients, clock, table }, keys)) keep(items, key, item);
  });
  return items;
}

function keep(items: Map<string, Item>, key: string, attributes: RawItem): void {
  // Numbers are counts and epoch seconds. An item with a number beyond the safe integers must not make reading fail.
  const item = unmarshall(attributes, { wrapNumbers: (value) => Number(value) });
  items.set(String(item[key]), item);
}
