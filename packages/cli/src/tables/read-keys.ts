import { type AttributeValue, BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';

/** An item, or its key, as the SDK gives it. */
export type RawItem = Record<string, AttributeValue>;

/** BatchGetItem's own limit. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const keysPerCall = 100;

/** Attempts after the first to read keys that DynamoDB left out. */
const mostRepeats = 10;

/**
 * The items of a table that have one of these keys, at most {@link keysPerCall}; consistent. Keys without an item are
 * left out. Waits, and reads unprocessed keys again. Throws CliError when DynamoDB throttles more than ten times in a
 * row.
 */
export async function readKeys(
  { clients, clock, table }: { clients: Pick<AwsClients, 'dynamodb'>; clock: Clock; table: string },
  keys: readonly RawItem[],
): Promise<RawItem[]> {
  const items: RawItem[] = [];
  let Keys = [...keys];
  for (let attempt = 0; Keys.length > 0; attempt += 1) {
    if (attempt > mostRepeats) throw new CliError(`DynamoDB kept throttling reads of ${table}.`, { exitCode: 2 });
    if (attempt > 0) await clock.sleep(Math.min(5_000, 100 * 2 ** attempt));
    const RequestItems = { [table]: { Keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await clients.dynamodb.send(new BatchGetItemCommand({ RequestItems }));
    items.push(...(Responses?.[table] ?? []));
    Keys = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}
