import { PassThrough } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { askAthena } from '@tweet-pipes/cli/lake/ask';
import { findNamedQuery } from '@tweet-pipes/cli/lake/named-queries';
import { readLakeOutputs } from '@tweet-pipes/cli/stack/lake-outputs';
import type { Stores } from '@tweet-pipes/cli/verification/stores';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { linesIn } from '@tweet-pipes/kit/forgetting/encoding';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import { z } from 'zod';
import type { Discrepancy } from './verdict.ts';

/** What the lake says. */
export interface LakeContent {
  /** Positions of the tweets that are not deleted, by id. */
  live: Map<string, string>;
  /** What each counter must be. */
  counts: Map<string, number>;
  /** Data of the records below the error prefix, in base64: malformed, or their function failed in each attempt. */
  failed: Set<string>;
}

const errorLine = z.object({ rawData: z.string() });

/** Reads the lake by its view and its audit query. Rejects with CliError when a query fails, else the SDK's error. */
export async function readLake(clients: AwsClients, clock: Clock, signal: AbortSignal): Promise<LakeContent> {
  const outputs = await readLakeOutputs(clients, 'TweetLake');
  const { WorkGroupName: workGroup, LakeDatabaseName: database, LakeBucketName: Bucket } = outputs;
  const { athena } = await clients.lake();
  const terminal = { clock, progress: new PassThrough(), interruptible: () => signal };
  const ask = (sql: string) => askAthena(clients, { workGroup, database }, terminal, sql);
  const live = await ask('SELECT id, position FROM tweets_live');
  const counts = await ask((await findNamedQuery(athena, [workGroup], 'audit')).sql);
  return {
    live: new Map(live.map(({ id, position }) => [String(id), String(position)])),
    counts: new Map(counts.map(({ hashtag, tweets }) => [String(hashtag), Number(tweets)])),
    failed: await readFailed(clients, Bucket),
  };
}

/** Data of the records below the error prefix of a lake's bucket, in base64. */
export async function readFailed(clients: AwsClients, Bucket: string): Promise<Set<string>> {
  const failed = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, { Bucket, Prefix: 'errors/' })) {
    for (const { Key = '' } of Contents) {
      for (const line of await linesOf(clients, Bucket, Key)) failed.add(errorLine.parse(JSON.parse(line)).rawData);
    }
  }
  return failed;
}

/** How the lake compares with the tables. */
export interface LakeVerdict {
  differences: Discrepancy[];
  /** Tweets that are not compared, because Firehose gave up records about them. */
  leftOut: number;
}

/**
 * Compares the lake with the tables. Records whose function failed in each attempt are not in the lake, as on AWS, so
 * tweets and hashtags that they are about are left out.
 */
export function judgeLake(
  { tweets, hashtags }: Pick<Stores, 'tweets' | 'hashtags'>,
  { live, counts, failed }: LakeContent,
  sent: Iterable<SampleRecord>,
): LakeVerdict {
  const leftOut = { ids: new Set<string>(), hashtags: new Set<string>() };
  const records = [...sent];
  for (const { data, meaning } of records) {
    if (meaning.kind !== 'rejected' && failed.has(Buffer.from(data).toString('base64'))) leftOut.ids.add(meaning.id);
  }
  for (const { meaning } of records) {
    if (meaning.kind !== 'tweet' || !leftOut.ids.has(meaning.id)) continue;
    for (const hashtag of meaning.item.hashtags) leftOut.hashtags.add(hashtag);
  }
  const differing = (
    keys: Iterable<string>,
    isLeftOut: ReadonlySet<string>,
    inTable: (key: string) => unknown,
    inLake: (key: string) => unknown,
  ): Discrepancy[] =>
    [...new Set(keys)]
      .filter((key) => !isLeftOut.has(key) && inTable(key) !== inLake(key))
      .map((key) => ({ where: 'lake', key, problem: `has ${inLake(key)}, but the table ${inTable(key)}` }));
  const differences = [
    ...differing(
      [...tweets.keys(), ...live.keys()],
      leftOut.ids,
      (id) => tweets.get(id)?.record,
      (id) => live.get(id),
    ),
    ...differing(
      [...hashtags.keys(), ...counts.keys()],
      leftOut.hashtags,
      (hashtag) => Number(hashtags.get(hashtag)?.htCount ?? 0),
      (hashtag) => counts.get(hashtag) ?? 0,
    ),
  ];
  return { differences, leftOut: leftOut.ids.size };
}

async function linesOf({ s3 }: AwsClients, Bucket: string, Key: string): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const body = Buffer.from((await Body?.transformToByteArray()) ?? []);
  return [...linesIn(body)].map((line) => line.toString('utf8').trimEnd()).filter((line) => line !== '');
}
