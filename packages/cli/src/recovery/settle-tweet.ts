import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';

import { highWaterMarkName, shardOf, sortableSequence } from '@tweet-pipes/kit/position';
import type { IngestRecord } from './ingest-record.ts';
import { emptyMarker, type Marker, markerItem, redrivenRecord } from './redrive-marker.ts';
import type { Surroundings } from './surroundings.ts';
import { mostActions, type TransactionEnd, transact } from './transaction.ts';
import { judgeTweet, readCounter, type TweetVerdict } from './tweet-evidence.ts';
import type { ExtractedTweet } from './workflow-extraction.ts';

/** How a tweet was settled: what the tables said, and what was counted and cannot be proved. */
export type SettledTweet =
  | { end: 'settled'; verdict: TweetVerdict['verdict']; counted: string[]; unproved: string[]; detail: string }
  | { end: 'rejected'; reason: string };

/** Something else changes the same items meanwhile; a few times is chance, more is a running pipe. */
const mostJudgements = 5;

/**
 * Stores and counts a tweet that was never stored, or counts what can be proved to be uncounted. Whatever is written
 * goes with a marker in one transaction, so that a crash after it leaves a repetition nothing to do twice
 * (docs/adr/0014). `markersExpireAt` in epoch seconds, `quietFromMs` in epoch milliseconds.
 */
export async function settleTweet(
  on: Surroundings,
  record: IngestRecord,
  tweet: ExtractedTweet,
  { markersExpireAt, quietFromMs }: { markersExpireAt: number; quietFromMs: number },
): Promise<SettledTweet> {
  for (let judgement = 1; judgement <= mostJudgements; judgement += 1) {
    const verdict = await judgeTweet(on, record, tweet);
    if ('uncounted' in verdict && verdict.uncounted.length > 0 && (await waitUntil(on, record, quietFromMs))) continue;
    const taken = await takeOn(on, record, tweet, verdict, markersExpireAt);
    if (taken === 'changed') continue;
    if ('end' in taken) {
      if (taken.action === undefined) await assertCountable(on, tweet.hashtags);
      if (taken.action === undefined || taken.action === tweetAction)
        return { end: 'rejected', reason: `rejected-by-dynamodb: ${taken.message.slice(0, 200)}` };
      throw new Error(`DynamoDB refuses to count a hashtag of ${record.position}: ${taken.message}`);
    }
    await finish(on, record, taken, markersExpireAt);
    if (taken.removes) await removeAgain(on, record, tweet);
    const { counted, unproved } = taken;
    return { end: 'settled', verdict: verdict.verdict, counted, unproved, detail: detail(verdict) };
  }
  throw new Error(`The tweet of ${record.position} kept changing while it was redriven. Is the pipe running?`);
}

/**
 * An execution whose answer was lost may still be counting what it stored. True when it was waited for, and things may
 * have changed.
 */
async function waitUntil(on: Surroundings, { position }: IngestRecord, quietFromMs: number): Promise<boolean> {
  const waitMs = quietFromMs - on.clock.now();
  if (waitMs <= 0) return false;
  on.note(
    `${position} is stored and was given up just now: waiting ${Math.ceil(waitMs / 1000)} s, until no execution can still be counting it …`,
  );
  await on.clock.sleep(waitMs, on.signal);
  on.signal.throwIfAborted();
  return true;
}

/** A counter that somebody damaged is no fault of the tweet. */
async function assertCountable(on: Surroundings, hashtags: readonly string[]): Promise<void> {
  for (const hashtag of hashtags) {
    const counter = await readCounter(on, hashtag);
    if (counter?.htCount === undefined || counter.htCount.N !== undefined) continue;
    throw new Error(
      `The counter of ${JSON.stringify(hashtag)} holds no number. Repair it with reconcile, then redrive again.`,
    );
  }
}

/** For people; empty when the verdict says it all. */
export function detail(verdict: TweetVerdict): string {
  if (verdict.verdict === 'duplicate') return `the tweet was brought by ${verdict.owner}`;
  return verdict.verdict === 'deleted-since' ? `deleted by ${verdict.notice}` : '';
}

/** The place of the tweet itself among the actions of the first transaction. */
const tweetAction = 1;

/** The first transaction: with it the record is this redrive's and nobody else's. */
async function takeOn(
  on: Surroundings,
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
      return write(on, marker, [
        putMarker(on, record, 0, marker, expiresAt),
        {
          Put: {
            TableName: on.stack.TweetTableName,
            Item: tweetItem(tweet, redrivenRecord(record.position)),
            ConditionExpression: 'attribute_not_exists(id)',
          },
        },
        {
          ConditionCheck: {
            TableName: on.stack.DeletionTableName,
            Key: { id: { S: tweet.id } },
            ...(marker.removes
              ? { ConditionExpression: 'tweetRecord = :none', ExpressionAttributeValues: { ':none': { S: '' } } }
              : { ConditionExpression: 'attribute_not_exists(id)' }),
          },
        },
        ...counts(on, tweet.hashtags.slice(0, mostActions - 3)),
      ]);
    }
    case 'stored':
    case 'stored-and-deleted': {
      const marker = { counted: verdict.uncounted, unproved: verdict.unproved, removes: false };
      if (marker.counted.length === 0) return marker;
      return write(on, marker, [
        putMarker(on, record, 0, marker, expiresAt),
        // A removed one cannot come again: its id is listed.
        ...(verdict.verdict === 'stored' ? [changeOwner(on, record, tweet)] : []),
        // Later parts need no such condition: from here on the workflow counts the record no more.
        ...counts(on, marker.counted.slice(0, mostActions - 3), record),
      ]);
    }
  }
}

function changeOwner(on: Surroundings, { position }: IngestRecord, { id }: ExtractedTweet): TransactWriteItem {
  return {
    Update: {
      TableName: on.stack.TweetTableName,
      Key: { id: { S: id } },
      UpdateExpression: 'SET #record = :redriven',
      ConditionExpression: '#record = :record',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':redriven': { S: redrivenRecord(position) }, ':record': { S: position } },
    },
  };
}

/** As its notice would have done; the archive gets its row. Refused when it has happened. */
async function removeAgain(on: Surroundings, { position }: IngestRecord, { id }: ExtractedTweet): Promise<void> {
  const values = { ':redriven': { S: redrivenRecord(position) } };
  await transact(on, [
    {
      Delete: {
        TableName: on.stack.TweetTableName,
        Key: { id: { S: id } },
        ConditionExpression: '#record = :redriven',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: values,
      },
    },
    {
      Update: {
        TableName: on.stack.DeletionTableName,
        Key: { id: { S: id } },
        UpdateExpression: 'SET tweetRecord = :redriven',
        ConditionExpression: 'tweetRecord = :none',
        ExpressionAttributeValues: { ...values, ':none': { S: '' } },
      },
    },
  ]);
}

async function write(on: Surroundings, marker: Marker, actions: TransactWriteItem[]) {
  const written = await transact(on, actions);
  return written.end === 'done' ? marker : written.end === 'refused' ? 'changed' : written;
}

/** Counts what did not fit into the first transaction, each part under a marker of its own. */
async function finish(on: Surroundings, record: IngestRecord, marker: Marker, expiresAt: number): Promise<void> {
  let part = 1;
  for (let start = mostActions - 3; start < marker.counted.length; start += mostActions - 1) {
    const written = await transact(on, [
      putMarker(on, record, part, marker, expiresAt),
      ...counts(on, marker.counted.slice(start, start + mostActions - 1)),
    ]);
    // Refused by its marker: this part was counted before.
    if (written.end === 'invalid')
      throw new Error(`DynamoDB refuses to count hashtags of ${record.position}: ${written.message}`);
    part += 1;
  }
}

function putMarker(
  on: Surroundings,
  { position }: IngestRecord,
  part: number,
  marker: Marker,
  expiresAt: number,
): TransactWriteItem {
  const redrivenAt = new Date(on.clock.now()).toISOString();
  return {
    Put: {
      TableName: on.stack.DeletionTableName,
      Item: markerItem(position, part, { marker, redrivenAt, expiresAt }),
      ConditionExpression: 'attribute_not_exists(id)',
    },
  };
}

/**
 * Watermarks stay: they belong to the workflow's own order. With `uncountedRecord` each hashtag's must still be below
 * it.
 */
function counts(on: Surroundings, hashtags: readonly string[], uncountedRecord?: IngestRecord): TransactWriteItem[] {
  const values = { ':one': { N: '1' }, ':now': { S: new Date(on.clock.now()).toISOString() } };
  return hashtags.map((hashtag) => {
    const update = {
      TableName: on.stack.HashtagTableName,
      Key: { hashtag: { S: hashtag } },
      UpdateExpression: 'ADD htCount :one SET updatedAt = :now',
    };
    if (uncountedRecord === undefined) return { Update: { ...update, ExpressionAttributeValues: values } };
    return {
      Update: {
        ...update,
        ConditionExpression: 'attribute_not_exists(#w) OR #w < :record',
        ExpressionAttributeNames: { '#w': highWaterMarkName(shardOf(uncountedRecord.position)) },
        ExpressionAttributeValues: { ...values, ':record': { S: sortableSequence(uncountedRecord.position) } },
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
