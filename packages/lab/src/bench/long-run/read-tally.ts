import { gunzipSync } from 'node:zlib';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { StackOutputs } from '@tweet-pipes/cli/stack/outputs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { parseCounterKey } from '@tweet-pipes/kit/counter-key';
import { z } from 'zod';
import type { Tally } from './tally.ts';

const archiveRow = z.object({ id: z.string(), record: z.string() });

/** Counts what tables and bucket hold, page by page. `records` is in none of them and stays 0. */
export async function readTally(clients: AwsClients, outputs: StackOutputs): Promise<Tally> {
  const bucket = outputs.ArchiveBucketName;
  return {
    records: 0,
    tweets: await countItems(clients, outputs.TweetTableName),
    removed: await countArchiveRows(clients, bucket),
    deletions: await countItems(clients, outputs.DeletionTableName),
    quarantined: await countObjects(clients, bucket, 'quarantine/'),
    counts: await readCounters(clients, outputs.HashtagTableName),
  };
}

async function countItems({ dynamodb }: AwsClients, table: string): Promise<number> {
  let count = 0;
  const pages = paginateScan({ client: dynamodb }, { TableName: table, ConsistentRead: true, Select: 'COUNT' });
  for await (const { Count = 0 } of pages) count += Count;
  return count;
}

async function readCounters({ dynamodb }: AwsClients, table: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const pages = paginateScan({ client: dynamodb }, { TableName: table, ConsistentRead: true });
  for await (const { Items = [] } of pages) {
    for (const { hashtag: key, htCount } of Items) {
      const { hashtag } = parseCounterKey(key?.S ?? '');
      counts.set(hashtag, (counts.get(hashtag) ?? 0) + Number(htCount?.N));
    }
  }
  return counts;
}

/** Distinct rows by tweet and its record: delivery is at least once. */
async function countArchiveRows(clients: AwsClients, bucket: string): Promise<number> {
  const rows = new Set<string>();
  for await (const key of keysUnder(clients, bucket, 'deleted/tweets/')) {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const lines = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array())
      .toString()
      .split('\n');
    for (const line of lines) {
      if (line === '') continue;
      const { id, record } = archiveRow.parse(JSON.parse(line));
      rows.add(`${id} ${record}`);
    }
  }
  return rows.size;
}

async function countObjects(clients: AwsClients, bucket: string, prefix: string): Promise<number> {
  let count = 0;
  for await (const _ of keysUnder(clients, bucket, prefix)) count += 1;
  return count;
}

async function* keysUnder({ s3 }: AwsClients, bucket: string, prefix: string): AsyncGenerator<string> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of Contents) if (Key !== undefined) yield Key;
  }
}
