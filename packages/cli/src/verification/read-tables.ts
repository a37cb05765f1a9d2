import { type AttributeValue, BatchGetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { atATime } from './at-a-time.ts';
import type { Item } from './stores.ts';

/** BatchGetItem's own limit. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const keysPerCall = 100;

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
    let keys: Record<string, AttributeValue>[] = all
      .slice(start, start + keysPerCall)
      .map((value) => ({ [key]: { S: value } }));
    for (let attempt = 0; keys.length > 0; attempt += 1) {
      if (attempt > 10) throw new CliError(`DynamoDB kept throttling reads of ${table}.`, { exitCode: 2 });
      if (attempt > 0) await clock.sleep(Math.min(5_000, 100 * 2 ** attempt));
      const answer = await clients.dynamodb.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
      );
      for (const item of answer.Responses?.[table] ?? []) keep(items, key, item);
      keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  });
  return items;
}

function keep(items: Map<string, Item>, key: string, attributes: Record<string, AttributeValue>): void {
  // Numbers are counts and epoch seconds. An item with a number beyond the safe integers must not make reading fail.
  const item = unmarshall(attributes, { wrapNumbers: (value) => Number(value) });
  items.set(String(item[key]), item);
}
