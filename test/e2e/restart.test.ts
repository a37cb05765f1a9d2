import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import type { ChildOptions } from '../../packages/local-aws/test/runtime-child.ts';
import { RuntimeProcess } from '../../packages/local-aws/test/runtime-process.ts';
import { rowsBelow } from './lake-objects.ts';
import { synthesizeApp } from './synthesize-app.ts';

const TWEETS = 80;
const TAGS = ['весна', '봄', 'spring', '__proto__'];
/** Tweet n carries n % 4 + 1 of the tags; every eighth tweet is deleted by a notice that follows at the end. */
const tagsOf = (n: number): string[] => TAGS.slice(0, (n % 4) + 1);
const tweets = Array.from({ length: TWEETS }, (_, n) => n);
const deleted = tweets.filter((n) => n % 8 === 0);

/**
 * Every step whose redelivery could count twice or lose something: killed before it happens, or after it happened with
 * its answer lost.
 */
const ingestKills: ChildOptions['killAt'][] = [
  { operation: 'BatchExecuteStatement', when: 'after', nth: 1 },
  { operation: 'UpdateItem', when: 'before', nth: 2 },
  { operation: 'UpdateItem', when: 'after', nth: 1 },
  { operation: 'TransactWriteItems', when: 'after', nth: 2 },
  { operation: 'StartSyncExecution', when: 'after', nth: 1 },
];
const archiveKills: ChildOptions['killAt'][] = [
  { operation: 'PutRecordBatch', when: 'before', nth: 1 },
  { operation: 'PutRecordBatch', when: 'after', nth: 1 },
  { operation: 'PutObject', when: 'before', nth: 1 },
  { operation: 'PutObject', when: 'after', nth: 1 },
];
const rounds = [
  // The archive is kept waiting, so that there is something left to kill it at.
  ...ingestKills.map((killAt) => ({ killAt, hold: ['StartSyncExecution'], block: ['Invoke'] })),
  ...archiveKills.map((killAt) => ({ killAt, hold: ['Invoke', 'PutObject'] })),
];

let folder: string;
let running: RuntimeProcess | undefined;
let clients: AwsClients | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restart-'));
});
afterEach(async () => {
  clients?.destroy();
  await running?.kill();
  await rm(folder, { recursive: true });
});

it('counts, stores and archives everything once, however often it is killed on the way', async () => {
  const assemblyFolder = join(folder, 'assembly');
  await synthesizeApp({ shards: 1, archiveBatchWindowSeconds: 0 }, assemblyFolder);
  const options = { dataFolder: join(folder, 'data'), assemblyFolder, stacks: ['TweetPipes'] };

  for (const [index, round] of rounds.entries()) {
    running = new RuntimeProcess({ ...options, ...round });
    const { endpoint, outputs } = await running.ready();
    if (index === 0) await feed(endpoint, outputs.TweetStreamName);
    running.go();
    expect({ ...round, idle: await running.idle() }).toEqual({ ...round, idle: undefined });
    expect(await running.ended).toBe('SIGKILL');
  }

  running = new RuntimeProcess(options);
  const { endpoint, outputs } = await running.ready();
  await running.idle();
  clients = createClients({ endpoint });
  const scan = async (TableName: string | undefined) =>
    ((await clients?.dynamodb.send(new ScanCommand({ TableName })))?.Items ?? []).map((item) => unmarshall(item));

  const counts = (await scan(outputs.HashtagTableName)).map(({ hashtag, htCount }) => [hashtag, htCount]);
  const expected = TAGS.map((tag) => [tag, tweets.filter((n) => tagsOf(n).includes(tag)).length]);
  expect(counts.sort()).toEqual(expected.sort());
  expect((await scan(outputs.TweetTableName)).map(({ id }) => id)).toHaveLength(TWEETS - deleted.length);
  const deletedIds = deleted.map((n) => String(1000 + n)).sort();
  expect((await scan(outputs.DeletionTableName)).map(({ id }) => id).sort()).toEqual(deletedIds);
  const rows = await archived(clients, outputs.ArchiveBucketName);
  expect([...new Set(rows.map(({ table, id, record }) => `${table} ${id} ${record}`))]).toHaveLength(deleted.length);
  expect([...new Set(rows.map(({ id }) => id))].sort()).toEqual(deletedIds);
  expect(await running.stop()).toBe(0);
  running = undefined;
});

async function feed(endpoint: string, StreamName: string | undefined): Promise<void> {
  const feeder = createClients({ endpoint });
  const tweet = (n: number) => ({
    id_str: String(1000 + n),
    text: 'x',
    entities: { hashtags: tagsOf(n).map((text) => ({ text })) },
  });
  const notice = (n: number) => ({ delete: { status: { id_str: String(1000 + n) } } });
  const records = [...tweets.map(tweet), ...deleted.map(notice)];
  const { FailedRecordCount } = await feeder.kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: records.map((record) => ({ PartitionKey: 'one', Data: Buffer.from(JSON.stringify(record)) })),
    }),
  );
  feeder.destroy();
  expect(FailedRecordCount).toBe(0);
}

async function archived(clients: AwsClients, Bucket: string | undefined): Promise<Record<string, unknown>[]> {
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket }));
  // Nothing but the archive: no quarantine, no errors.
  expect(Contents.filter(({ Key }) => !Key?.startsWith('deleted/tweets/'))).toEqual([]);
  return rowsBelow(clients, Bucket, 'deleted/tweets/');
}
