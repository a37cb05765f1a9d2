import { GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { counterKeys, parseCounterKey } from '@tweet-pipes/kit/counter-key';
import { highWaterMarkName } from '@tweet-pipes/kit/position';
import { type RawItem, readKeys } from './read-keys.ts';

type DynamoDb = Pick<AwsClients, 'dynamodb'>;

/** Which counter to read, and where. */
export interface CounterRequest {
  clients: DynamoDb;
  clock: Clock;
  table: string;
  hashtag: string;
  /** False where it is known that each counter has one item. */
  isSplit?: boolean;
}

/**
 * The items of a hashtag's counter by their numbers, at most 100; consistent. Its count is their sum. Throws CliError
 * when DynamoDB keeps throttling, else the SDK's error.
 */
export async function readCounterItems(request: CounterRequest): Promise<Map<number, RawItem>> {
  const { clients, table, hashtag, isSplit = true } = request;
  const items = new Map<number, RawItem>();
  if (!isSplit) {
    const Key = { hashtag: { S: hashtag } };
    const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? items : items.set(0, Item);
  }
  const keys = counterKeys(hashtag).map((key) => ({ hashtag: { S: key } }));
  for (const item of await readKeys(request, keys)) items.set(parseCounterKey(item.hashtag?.S ?? '').item, item);
  return items;
}

/**
 * On which item of each hashtag the shards count, by the names of their high-water marks. Reads the table `shards`
 * whole; a shard that it does not have counts on none yet.
 */
export async function readShardItems({ dynamodb }: DynamoDb, shardTable: string): Promise<Map<string, number>> {
  const items = new Map<string, number>();
  for await (const { Items = [] } of paginateScan(
    { client: dynamodb },
    { TableName: shardTable, ConsistentRead: true },
  )) {
    for (const { shard, counterItem } of Items) {
      if (shard?.S !== undefined) items.set(highWaterMarkName(shard.S), Number(counterItem?.N ?? 0));
    }
  }
  return items;
}

/** On which item of each hashtag a shard counts; 0 for a shard that is not known. Consistent. */
export async function readShardItem({ dynamodb }: DynamoDb, shardTable: string, shardId: string): Promise<number> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: shardTable, Key: { shard: { S: shardId } }, ConsistentRead: true }),
  );
  return Number(Item?.counterItem?.N ?? 0);
}
