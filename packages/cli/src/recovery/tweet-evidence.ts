import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { highWaterMarkName, parsePosition, shardOf, sortableSequence } from '@tweet-pipes/kit/position';
import { readCounterItems } from '../tables/counter-items.ts';
import type { RawItem } from '../tables/read-keys.ts';
import type { RecoveryContext } from './context.ts';
import type { IngestRecord } from './ingest-record.ts';
import { emptyMarker, type Marker, markerKey, readMarker, redrivenRecord, texts } from './redrive-marker.ts';
import type { ExtractedTweet } from './workflow-extraction.ts';

/** What the tables prove about the tweet of a record that was given up, and so what redrive does. */
export type TweetVerdict =
  /** It was never stored, so it was never counted: store and count it. */
  | { verdict: 'new' }
  /** An earlier redrive started on it; this one continues. */
  | { verdict: 'taken-on'; marker: Marker }
  /** The tweet was stored from another record, and counted for that one. */
  | { verdict: 'duplicate'; owner: string }
  /**
   * Stored by the workflow. `uncounted`: hashtags whose high-water mark is below the record; `unproved`: those whose
   * mark is at or above it.
   */
  | { verdict: 'stored'; uncounted: string[]; unproved: string[] }
  /** The same, and removed by its delete notice since. */
  | { verdict: 'stored-and-deleted'; uncounted: string[]; unproved: string[] }
  /** Its delete notice comes after it, but was carried out first and found no tweet: store it, count it, remove it. */
  | { verdict: 'overtaken' }
  /** Its delete notice comes before it in the stream, so it must not be stored. */
  | { verdict: 'after-its-deletion' }
  /**
   * Its delete notice was carried out, and the tombstone does not say which tweet it removed. It cannot be proved
   * whether the tweet was counted.
   */
  | { verdict: 'deleted-since'; notice: string };

/** Reads the tables, consistently. Changes nothing. */
export async function judgeTweet(
  context: RecoveryContext,
  record: IngestRecord,
  tweet: ExtractedTweet,
): Promise<TweetVerdict> {
  const { DeletionTableName } = context.stack;
  const [marker, tombstone, stored] = await Promise.all([
    get(context, DeletionTableName, markerKey(record.position, 0)),
    get(context, DeletionTableName, { id: { S: tweet.id } }),
    readTweet(context, tweet.id),
  ]);
  if (marker !== undefined) return { verdict: 'taken-on', marker: readMarker(marker) };
  if (stored !== undefined) {
    const owner = stored.record?.S ?? '';
    if (owner === redrivenRecord(record.position)) return { verdict: 'taken-on', marker: emptyMarker };
    if (owner !== record.position) return { verdict: 'duplicate', owner };
    return { verdict: 'stored', ...(await splitByHighWaterMark(context, record, texts(stored.hashtags))) };
  }
  return tombstone === undefined ? { verdict: 'new' } : judgeDeleted(context, record, tweet, tombstone);
}

async function judgeDeleted(
  context: RecoveryContext,
  record: IngestRecord,
  tweet: ExtractedTweet,
  tombstone: Record<string, AttributeValue>,
): Promise<TweetVerdict> {
  const notice = tombstone.record?.S ?? '';
  // Also across a resharding, where the numbers of a child are higher than those of its parents.
  const isNoticeEarlier =
    parsePosition(notice) !== undefined && sortableSequence(notice) < sortableSequence(record.position);
  if (isNoticeEarlier) return { verdict: 'after-its-deletion' };
  const removed = tombstone.tweetRecord?.S;
  if (removed === undefined) return { verdict: 'deleted-since', notice };
  if (removed === '') return { verdict: 'overtaken' };
  if (removed === redrivenRecord(record.position)) return { verdict: 'taken-on', marker: emptyMarker };
  if (removed !== record.position) return { verdict: 'duplicate', owner: removed };
  return { verdict: 'stored-and-deleted', ...(await splitByHighWaterMark(context, record, tweet.hashtags)) };
}

/**
 * A high-water mark below the record proves that the record was not counted: the update that counts it advances the
 * mark to the record or above.
 */
async function splitByHighWaterMark(
  context: RecoveryContext,
  { position }: IngestRecord,
  hashtags: readonly string[],
): Promise<{ uncounted: string[]; unproved: string[] }> {
  const [uncounted, unproved]: [string[], string[]] = [[], []];
  const name = highWaterMarkName(shardOf(position));
  for (const hashtag of hashtags) {
    const mark = itemWithMark(await readCounter(context, hashtag), name)?.[name]?.S;
    (mark === undefined || mark < sortableSequence(position) ? uncounted : unproved).push(hashtag);
  }
  return { uncounted, unproved };
}

/** The item of a tweet, if there is one. */
export function readTweet(context: RecoveryContext, id: string): Promise<Record<string, AttributeValue> | undefined> {
  return get(context, context.stack.TweetTableName, { id: { S: id } });
}

/** The items of a hashtag's counter; none if it was never counted. */
export async function readCounter({ clients, clock, stack }: RecoveryContext, hashtag: string): Promise<RawItem[]> {
  const items = await readCounterItems({ clients, clock, table: stack.HashtagTableName, hashtag });
  return [...items.values()];
}

/** Of a counter's items the one with a high-water mark, and of several with it the one with the highest. */
export function itemWithMark(items: readonly RawItem[], mark: string): RawItem | undefined {
  const valueIn = (item: RawItem) => item[mark]?.S ?? '';
  return items
    .filter((item) => valueIn(item) !== '')
    .toSorted((a, b) => (valueIn(a) < valueIn(b) ? -1 : 1))
    .at(-1);
}

async function get(
  { clients }: RecoveryContext,
  TableName: string,
  Key: Record<string, AttributeValue>,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return Item;
}
