import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';

import { counterKey } from '@tweet-pipes/kit/counter-key';
import { highWaterMarkName, shardOf, sortableSequence } from '@tweet-pipes/kit/position';
import { readShardItem } from '../tables/counter-items.ts';
import type { RecoveryContext } from './context.ts';
import type { IngestRecord } from './ingest-record.ts';
import { emptyMarker, type Marker, markerItem, redrivenRecord } from './redrive-marker.ts';
import { mostActions, type TransactionEnd, transact } from './transaction.ts';
import { judgeTweet, readCounter, type TweetVerdict } from './tweet-evidence.ts';
import type { ExtractedTweet } from './workflow-extraction.ts';

/** How a tweet was settled: the verdict, the hashtags that were counted, and those that cannot be proved. */
export type SettledTweet =
  | { end: 'settled'; verdict: TweetVerdict['verdict']; counted: string[]; unproved: string[]; detail: string }
  | { end: 'rejected'; reason: string };

/** Attempts when the same items change meanwhile. A few times is chance, more is a running pipe. */
const mostJudgements = 5;

/**
 * Stores and counts a tweet that was never stored, or counts it for the hashtags that are provably uncounted. Each
 * transaction also writes a marker, so that running it again after a crash counts nothing twice (docs/adr/0014).
 * `markersExpireAt` in epoch seconds, `quietFromMs` in epoch milliseconds.
 */
export async function settleTweet(
  context: RecoveryContext,
  record: IngestRecord,
  tweet: ExtractedTweet,
  { markersExpireAt, quietFromMs }: { markersExpireAt: number; quietFromMs: number },
): Promise<SettledTweet> {
  for (let judgement = 1; judgement <= mostJudgements; judgement += 1) {
    const verdict = await judgeTweet(context, record, tweet);
    if ('uncounted' in verdict && verdict.uncounted.length > 0 && (await waitUntil(context, record, quietFromMs)))
      continue;
    const taken = await takeOn(context, record, tweet, verdict, markersExpireAt);
    if (taken === 'changed') continue;
    if ('end' in taken) {
      if (taken.action === undefined) await assertCountable(context, tweet.hashtags);
      if (taken.action === undefined || taken.action === tweetAction)
        return { end: 'rejected', reason: `rejected-by-dynamodb: ${taken.message.slice(0, 200)}` };
      throw new Error(`DynamoDB refuses to count a hashtag of ${record.position}: ${taken.message}`);
    }
    await finish(context, record, taken, markersExpireAt);
    if (taken.removes) await removeAgain(context, record, tweet);
    const { counted, unproved } = taken;
    return { end: 'settled', verdict: verdict.verdict, counted, unproved, detail: detail(verdict) };
  }
  throw new Error(`The tweet of ${record.position} kept changing while it was redriven. Is the pipe running?`);
}

/**
 * Waits until no execution can still be counting the tweet: one whose answer was lost may run on. True when it waited,
 * so that the tables must be read again.
 */
async function waitUntil(context: RecoveryContext, { position }: IngestRecord, quietFromMs: number): Promise<boolean> {
  const waitMs = quietFromMs - context.clock.now();
  if (waitMs <= 0) return false;
  context.note(
    `${position} is stored and was given up just now: waiting ${Math.ceil(waitMs / 1000)} s, until no execution can still be counting it …`,
  );
  await context.clock.sleep(waitMs, context.signal);
  context.signal.throwIfAborted();
  return true;
}

/** Throws when a counter holds no number: then the counter is damaged, and the tweet is not to blame. */
async function assertCountable(context: RecoveryContext, hashtags: readonly string[]): Promise<void> {
  for (const hashtag of hashtags) {
    const items = await readCounter(context, hashtag);
    if (items.every(({ htCount }) => htCount === undefined || htCount.N !== undefined)) continue;
    throw new Error(
      `The counter of ${JSON.stringify(hashtag)} holds no number. Repair it with reconcile, then redrive again.`,
    );
  }
}

/** An explanation for the report; empty where the verdict needs none. */
export function detail(verdict: TweetVerdict): string {
  if (verdict.verdict === 'duplicate') return `the tweet was brought by ${verdict.owner}`;
  return verdict.verdict === 'deleted-since' ? `deleted by ${verdict.notice}` : '';
}

/** The index of the tweet among the actions of the first transaction. */
const tweetAction = 1;

/** The first transaction. After it the workflow no longer counts the record. */
async function takeOn(
  context: RecoveryContext,
  record: IngestRecord,
  tweet: ExtractedTweet,
  verdict: TweetVerdict,
  expiresAt: number,
): Promise<Marker | 'changed' | Extract<TransactionEnd, { end: 'invalid' }>> {
  switch (verdict.verdict) {
    case 'taken-on':
      return verdict.marker;
    case 'duplicate':
    case 'after-its-deletion':
      return emptyMarker;
    case 'deleted-since':
      return { ...emptyMarker, unproved: tweet.hashtags };
    case 'new':
    case 'overtaken': {
      const marker = { counted: tweet.hashtags, unproved: [], removes: verdict.verdict === 'overtaken' };
      return write(context, marker, [
        putMarker(context, record, 0, marker, expiresAt),
        {
          Put: {
            TableName: context.stack.TweetTableName,
            Item: tweetItem(tweet, redrivenRecord(record.position)),
            ConditionExpression: 'attribute_not_exists(id)',
          },
        },
        {
          ConditionCheck: {
            TableName: context.stack.DeletionTableName,
            Key: { id: { S: tweet.id } },
            ...(marker.removes
              ? { ConditionExpression: 'tweetRecord = :none', ExpressionAttributeValues: { ':none': { S: '' } } }
              : { ConditionExpression: 'attribute_not_exists(id)' }),
          },
        },
        ...counts(context, tweet.hashtags.slice(0, mostActions - 3)),
      ]);
    }
    case 'stored':
    case 'stored-and-deleted': {
      const marker = { counted: verdict.uncounted, unproved: verdict.unproved, removes: false };
      if (marker.counted.length === 0) return marker;
      const item = await readShardItem(context.clients, context.stack.ShardTableName, shardOf(record.position));
      return write(context, marker, [
        putMarker(context, record, 0, marker, expiresAt),
        // A removed tweet has a tombstone, so it is not stored again.
        ...(verdict.verdict === 'stored' ? [changeOwner(context, record, tweet)] : []),
        // Later parts need no such condition: after this transaction the workflow no longer counts the record.
        ...counts(context, marker.counted.slice(0, mostActions - 3), { record, item }),
      ]);
    }
  }
}

function changeOwner(context: RecoveryContext, { position }: IngestRecord, { id }: ExtractedTweet): TransactWriteItem {
  return {
    Update: {
      TableName: context.stack.TweetTableName,
      Key: { id: { S: id } },
      UpdateExpression: 'SET #record = :redriven',
      ConditionExpression: '#record = :record',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':redriven': { S: redrivenRecord(position) }, ':record': { S: position } },
    },
  };
}

/** Removes the tweet as its notice would have, so that the archive gets its row. Refused if done before. */
async function removeAgain(
  context: RecoveryContext,
  { position }: IngestRecord,
  { id }: ExtractedTweet,
): Promise<void> {
  const values = { ':redriven': { S: redrivenRecord(position) } };
  await transact(context, [
    {
      Delete: {
        TableName: context.stack.TweetTableName,
        Key: { id: { S: id } },
        ConditionExpression: '#record = :redriven',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: values,
      },
    },
    {
      Update: {
        TableName: context.stack.DeletionTableName,
        Key: { id: { S: id } },
        UpdateExpression: 'SET tweetRecord = :redriven',
        ConditionExpression: 'tweetRecord = :none',
        ExpressionAttributeValues: { ...values, ':none': { S: '' } },
      },
    },
  ]);
}

async function write(context: RecoveryContext, marker: Marker, actions: TransactWriteItem[]) {
  const written = await transact(context, actions);
  return written.end === 'done' ? marker : written.end === 'refused' ? 'changed' : written;
}

/** Counts the hashtags that did not fit into the first transaction, each part with a marker of its own. */
async function finish(
  context: RecoveryContext,
  record: IngestRecord,
  marker: Marker,
  expiresAt: number,
): Promise<void> {
  let part = 1;
  for (let start = mostActions - 3; start < marker.counted.length; start += mostActions - 1) {
    const written = await transact(context, [
      putMarker(context, record, part, marker, expiresAt),
      ...counts(context, marker.counted.slice(start, start + mostActions - 1)),
    ]);
    // Where the marker refuses it, this part was counted before.
    if (written.end === 'invalid')
      throw new Error(`DynamoDB refuses to count hashtags of ${record.position}: ${written.message}`);
    part += 1;
  }
}

function putMarker(
  context: RecoveryContext,
  { position }: IngestRecord,
  part: number,
  marker: Marker,
  expiresAt: number,
): TransactWriteItem {
  const redrivenAt = new Date(context.clock.now()).toISOString();
  return {
    Put: {
      TableName: context.stack.DeletionTableName,
      Item: markerItem(position, part, { marker, redrivenAt, expiresAt }),
      ConditionExpression: 'attribute_not_exists(id)',
    },
  };
}

/**
 * Counts one tweet for each hashtag and leaves the high-water marks, which follow the order of the workflow. With
 * `uncounted` each hashtag's mark must still be below that record, on the item on which its shard counts.
 */
function counts(
  context: RecoveryContext,
  hashtags: readonly string[],
  uncounted?: { record: IngestRecord; item: number },
): TransactWriteItem[] {
  const values = { ':one': { N: '1' }, ':now': { S: new Date(context.clock.now()).toISOString() } };
  return hashtags.map((hashtag) => {
    const update = {
      TableName: context.stack.HashtagTableName,
      Key: { hashtag: { S: counterKey(hashtag, uncounted?.item ?? 0) } },
      UpdateExpression: 'ADD htCount :one SET updatedAt = :now',
    };
    if (uncounted === undefined) return { Update: { ...update, ExpressionAttributeValues: values } };
    return {
      Update: {
        ...update,
        ConditionExpression: 'attribute_not_exists(#w) OR #w < :record',
        ExpressionAttributeNames: { '#w': highWaterMarkName(shardOf(uncounted.record.position)) },
        ExpressionAttributeValues: { ...values, ':record': { S: sortableSequence(uncounted.record.position) } },
      },
    };
  });
}

function tweetItem(tweet: ExtractedTweet, record: string): Record<string, AttributeValue> {
  const { id, text, createdAt, lang, userId, userName } = tweet;
  const item: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries({ id, text, createdAt, lang, userId, userName, record })) {
    if (value !== undefined) item[name] = { S: value };
  }
  item.hashtags = { L: tweet.hashtags.map((S) => ({ S })) };
  item.expiresAt = { N: String(tweet.expiresAt) };
  return item;
}
