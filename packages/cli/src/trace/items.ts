import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { highWaterMarkName, parsePosition, sortableSequence } from '@tweet-pipes/kit/position';
import type { RecoveryContext } from '../recovery/context.ts';
import { markerKey, readMarker, recordOwner, texts } from '../recovery/redrive-marker.ts';
import { itemWithMark, readCounter, readTweet } from '../recovery/tweet-evidence.ts';
import { atATime } from '../verification/at-a-time.ts';
import type { FoundCounter, Redrive, StoredItem, Tombstone } from './findings.ts';

/** The tweet's item. `retentionSeconds` tells its arrival by its expiry; undefined where it is not known. */
export async function findStored(
  context: RecoveryContext,
  id: string,
  retentionSeconds: number | undefined,
): Promise<StoredItem | undefined> {
  const item = await readTweet(context, id);
  if (item === undefined) return undefined;
  const { position, isRedriven } = recordOwner(item.record?.S ?? '');
  const expiresAt = Number(item.expiresAt?.N);
  const label = item.sentiment?.S;
  const atMs = timeOf(item.sentimentAt);
  return {
    ...{ position, isRedriven, hashtags: texts(item.hashtags) },
    ...(retentionSeconds === undefined || Number.isNaN(expiresAt)
      ? {}
      : { arrivedMs: (expiresAt - retentionSeconds) * 1000 }),
    ...(label === undefined ? {} : { sentiment: { label, ...(atMs === undefined ? {} : { atMs }) } }),
  };
}

/** The tombstone of the id. */
export async function findTombstone({ clients, stack }: RecoveryContext, id: string): Promise<Tombstone | undefined> {
  const { Item } = await clients.dynamodb.send(
    new GetItemCommand({ TableName: stack.DeletionTableName, Key: { id: { S: id } }, ConsistentRead: true }),
  );
  if (Item === undefined) return undefined;
  const tweetRecord = Item.tweetRecord?.S;
  const forgottenMs = timeOf(Item.forgottenAt);
  return {
    position: Item.record?.S ?? '',
    deletedMs: timeOf(Item.deletedAt) ?? 0,
    ...(tweetRecord === undefined ? {} : { tweetPosition: recordOwner(tweetRecord).position }),
    ...(forgottenMs === undefined ? {} : { forgottenMs }),
  };
}

/** What redrive did with records: its markers. */
export async function findRedrives(
  { clients, stack }: RecoveryContext,
  positions: readonly string[],
): Promise<Redrive[]> {
  const found = await atATime(4, positions, async (position): Promise<Redrive[]> => {
    const Key = markerKey(position, 0);
    const { Item } = await clients.dynamodb.send(
      new GetItemCommand({ TableName: stack.DeletionTableName, Key, ConsistentRead: true }),
    );
    if (Item === undefined) return [];
    const atMs = timeOf(Item.redrivenAt);
    return [{ position, ...readMarker(Item), ...(atMs === undefined ? {} : { atMs }) }];
  });
  return found.flat();
}

/** Hashtags of one tweet whose counters are read; each is a BatchGetItem of up to 100 keys. */
const mostCounters = 50;

/**
 * Whether the counters of the hashtags count the tweet of a record: their high-water mark of its shard says so, or the
 * marker of redrive.
 */
export async function findCounters(
  context: RecoveryContext,
  hashtags: readonly string[],
  tweet: { position: string; redrives: readonly Redrive[]; isShardListed: boolean },
): Promise<FoundCounter[]> {
  const { position, redrives, isShardListed } = tweet;
  const shardId = parsePosition(position)?.shardId;
  const redrive = redrives.find((each) => each.position === position);
  return atATime(4, hashtags.slice(0, mostCounters), async (hashtag): Promise<FoundCounter> => {
    const items = await readCounter(context, hashtag);
    const counts = items.flatMap(({ htCount }) => (htCount?.N === undefined ? [] : [Number(htCount.N)]));
    const found = { hashtag, ...(counts.length === 0 ? {} : { count: counts.reduce((sum, each) => sum + each, 0) }) };
    if (redrive?.counted.includes(hashtag) === true) {
      return { ...found, isCounted: true, ...(redrive.atMs === undefined ? {} : { atMs: redrive.atMs }) };
    }
    const name = shardId === undefined ? '' : highWaterMarkName(shardId);
    const item = itemWithMark(items, name);
    const mark = item?.[name]?.S;
    // The mark of a shard that the stream no longer lists is dropped from the counter.
    if (mark === undefined) return { ...found, isCounted: isShardListed ? false : undefined };
    const sequence = sortableSequence(position);
    const updatedMs = timeOf(item?.updatedAt);
    return {
      ...found,
      isCounted: mark >= sequence,
      ...(mark === sequence && updatedMs !== undefined ? { atMs: updatedMs } : {}),
    };
  });
}

function timeOf(value: AttributeValue | undefined): number | undefined {
  const ms = Date.parse(value?.S ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
