import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { highWaterMarkName, parsePosition, shardOf, sortableSequence } from '@tweet-pipes/kit/position';

import type { IngestRecord } from './ingest-record.ts';
import { emptyMarker, type Marker, markerKey, readMarker, redrivenRecord, texts } from './redrive-marker.ts';
import type { Surroundings } from './surroundings.ts';
import type { ExtractedTweet } from './workflow-extraction.ts';

/** What the tables say about a tweet that a pointer leads to, and so what redrive does. */
export type TweetVerdict =
  /** It was never stored, so it was never counted: store and count it. */
  | { verdict: 'new' }
  /** A redrive before this one has taken it on; it goes on from there. */
  | { verdict: 'taken-on'; marker: Marker }
  /** Another record brought the tweet, which was counted for that one. */
  | { verdict: 'duplicate'; owner: string }
  /**
   * Stored by the workflow. `uncounted`: hashtags whose watermark is below the record; `unproved`: those at or above
   * it.
   */
  | { verdict: 'stored'; uncounted: string[]; unproved: string[] }
  /** The same, and removed by its delete notice since. */
  | { verdict: 'stored-and-deleted'; uncounted: string[]; unproved: string[] }
  /** Its delete notice came after it, was carried out first and found no tweet: store it, count it, and remove it. */
  | { verdict: 'overtaken' }
  /** Its delete notice came before it in the stream, so it was never to be stored. */
  | { verdict: 'after-its-deletion' }
  /**
   * Its delete notice was carried out, and the listing does not say what it found: nothing tells whether the tweet was
   * counted.
   */
  | { verdict: 'deleted-since'; notice: string };

/** Reads, consistently, what decides; changes nothing. */
export async function judgeTweet(on: Surroundings, record: IngestRecord, tweet: ExtractedTweet): Promise<TweetVerdict> {
  const { DeletionTableName } = on.stack;
  const [marker, listing, stored] = await Promise.all([
    get(on, DeletionTableName, markerKey(record.position, 0)),
    get(on, DeletionTableName, { id: { S: tweet.id } }),
    readTweet(on, tweet.id),
  ]);
  if (marker !== undefined) return { verdict: 'taken-on', marker: readMarker(marker) };
  if (stored !== undefined) {
    const owner = stored.record?.S ?? '';
    if (owner === redrivenRecord(record.position)) return { verdict: 'taken-on', marker: emptyMarker };
    if (owner !== record.position) return { verdict: 'duplicate', owner };
    return { verdict: 'stored', ...(await splitByWatermark(on, record, texts(stored.hashtags))) };
  }
  return listing === undefined ? { verdict: 'new' } : judgeDeleted(on, record, tweet, listing);
}

async function judgeDeleted(
  on: Surroundings,
  record: IngestRecord,
  tweet: ExtractedTweet,
  listing: Record<string, AttributeValue>,
): Promise<TweetVerdict> {
  const notice = listing.record?.S ?? '';
  // Also across a resharding, where the numbers of a child are higher than those of its parents.
  const isNoticeEarlier =
    parsePosition(notice) !== undefined && sortableSequence(notice) < sortableSequence(record.position);
  if (isNoticeEarlier) return { verdict: 'after-its-deletion' };
  const removed = listing.tweetRecord?.S;
  if (removed === undefined) return { verdict: 'deleted-since', notice };
  if (removed === '') return { verdict: 'overtaken' };
  if (removed === redrivenRecord(record.position)) return { verdict: 'taken-on', marker: emptyMarker };
  if (removed !== record.position) return { verdict: 'duplicate', owner: removed };
  return { verdict: 'stored-and-deleted', ...(await splitByWatermark(on, record, tweet.hashtags)) };
}

/**
 * A watermark below the record proves that it was not counted: counting raises the watermark, in the same update, to
 * the record or above.
 */
async function splitByWatermark(
  on: Surroundings,
  { position }: IngestRecord,
  hashtags: readonly string[],
): Promise<{ uncounted: string[]; unproved: string[] }> {
  const [uncounted, unproved]: [string[], string[]] = [[], []];
  const name = highWaterMarkName(shardOf(position));
  for (const hashtag of hashtags) {
    const counter = await readCounter(on, hashtag);
    const mark = counter?.[name]?.S;
    (mark === undefined || mark < sortableSequence(position) ? uncounted : unproved).push(hashtag);
  }
  return { uncounted, unproved };
}

/** The item of a tweet, if there is one. */
export function readTweet(on: Surroundings, id: string): Promise<Record<string, AttributeValue> | undefined> {
  return get(on, on.stack.TweetTableName, { id: { S: id } });
}

/** The item of a hashtag, if there is one. */
export function readCounter(on: Surroundings, hashtag: string): Promise<Record<string, AttributeValue> | undefined> {
  return get(on, on.stack.HashtagTableName, { hashtag: { S: hashtag } });
}

async function get(
  { clients }: Surroundings,
  TableName: string,
  Key: Record<string, AttributeValue>,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return Item;
}
