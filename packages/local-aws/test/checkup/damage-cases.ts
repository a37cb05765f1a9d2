import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { systemClock } from '@tweet-pipes/kit/clock';
import { noteStores } from '../../src/checkup/known-stores.ts';
import { Journal } from '../../src/firehose/journal.ts';
import { LogStore } from '../../src/logs/log-store.ts';
import { Checkpoint } from '../../src/pipes/checkpoint.ts';
import { startTestEndpoint } from '../gateway/test-endpoint.ts';

/** What {@link makeData} puts. */
export const counts = { records: 600, items: 40, objects: 30, journaled: 3 };
export const streamName = 'readings';
export const tableName = 'highest';
export const bucket = 'archive';

/**
 * Makes a data folder with something in every store, as a kill leaves it: copied while the engines run and rest.
 * LevelDB has tables and a log then, and SQLite's logs are not merged.
 */
export async function makeData(): Promise<string> {
  const running = await mkdtemp(join(tmpdir(), 'checkup-'));
  const aws = await startTestEndpoint({ dataFolder: running });
  const { kinesis, dynamodb, s3 } = aws.ownClients;
  await kinesis.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: 1 }));
  // Each batch of 1.4 MB in JSON. LevelDB makes a table of 4 MB.
  for (let batch = 0; batch < 6; batch += 1) {
    const Records = Array.from({ length: counts.records / 6 }, (_, index) => ({
      PartitionKey: String(batch * 100 + index),
      Data: Buffer.alloc(10_000, `${batch}.${index} `),
    }));
    await kinesis.send(new PutRecordsCommand({ StreamName: streamName, Records }));
  }
  await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  for (let id = 0; id < counts.items; id += 1) {
    const Item = { id: { S: String(id) }, text: { S: `${id} `.repeat(500) } };
    await dynamodb.send(new PutItemCommand({ TableName: tableName, Item }));
  }
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (let key = 0; key < counts.objects; key += 1) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: String(key), Body: `${key} `.repeat(500) }));
  }
  const checkpoint = await Checkpoint.open(join(running, 'pipes', 'ingest', 'checkpoint.json'), 'arn:aws:kinesis:s');
  await checkpoint.set([['shardId-000000000000', { at: 'after', sequenceNumber: '7' }]]);
  const journal = new Journal(join(running, 'firehose', 'archive', '00000001.journal'), systemClock);
  await mkdir(join(running, 'firehose', 'archive'), { recursive: true });
  for (const text of ['first', 'second', 'third']) await journal.append([{ data: Buffer.from(text.repeat(100)) }]);
  await journal.close();
  const logs = await LogStore.open({ folder: join(running, 'logs'), clock: systemClock });
  await logs.createGroup('/aws/lambda/f');
  await logs.stop();
  await noteStores(running);
  const data = await mkdtemp(join(tmpdir(), 'checkup-'));
  await cp(running, data, { recursive: true });
  await aws.stop();
  await rm(running, { recursive: true });
  return data;
}

/** Does something bad to a data folder, and what must be said of it. */
export interface DamageCase {
  readonly name: string;
  damage(folder: string): Promise<void>;
  /** Of the file and the problem. */
  readonly said: RegExp;
  readonly lost: RegExp;
  /** The least that a repair keeps of a store; all of what is not named. */
  readonly keeps: Partial<typeof counts>;
}

/** Inverts some bytes at a share of a file. */
async function flip(file: string, share: number, count = 16): Promise<void> {
  const bytes = await readFile(file);
  const at = Math.floor(bytes.length * share);
  for (let index = at; index < Math.min(at + count, bytes.length); index += 1) bytes[index] = ~(bytes[index] ?? 0);
  await writeFile(file, bytes);
}

async function levelFile(folder: string, pattern: RegExp): Promise<string> {
  const names = await readdir(join(folder, 'kinesis'));
  const name = names.sort().find((each) => pattern.test(each));
  if (name === undefined) throw new Error(`no ${pattern} in ${names.join(', ')}`);
  return join(folder, 'kinesis', name);
}

export const damageCases: readonly DamageCase[] = [
  {
    name: 'flipped bytes in a table of LevelDB',
    damage: async (folder) => flip(await levelFile(folder, /\.ldb$/), 0.5),
    said: /\d+\.ldb has 1 damaged of \d+ blocks/,
    lost: /^[\d.]+ [kKM]?\w+ of records of the stream readings$/,
    keeps: { records: 595 },
  },
  {
    name: 'flipped bytes at the end of a table of LevelDB',
    damage: async (folder) => flip(await levelFile(folder, /\.ldb$/), 0.99999),
    said: /\d+\.ldb has no readable index/,
    lost: /^up to [\d.]+ [KM]B of records$/,
    keeps: { records: 100 },
  },
  {
    name: 'a table of LevelDB that is cut off',
    damage: async (folder) => truncate(await levelFile(folder, /\.ldb$/), 100_000),
    said: /\d+\.ldb has 100 KB instead of [\d.]+ [KM]B/,
    lost: /^up to [\d.]+ [KM]B of records$/,
    keeps: { records: 100 },
  },
  {
    name: 'a missing table of LevelDB',
    damage: async (folder) => rm(await levelFile(folder, /\.ldb$/)),
    said: /\d+\.ldb is missing/,
    lost: /^up to [\d.]+ [KM]B of records$/,
    keeps: { records: 100 },
  },
  {
    name: 'flipped bytes in the log of LevelDB',
    damage: async (folder) => flip(await levelFile(folder, /\.log$/), 0.3),
    said: /\d+\.log has [\d.]+ KB of damaged records/,
    lost: /^up to [\d.]+ KB of the latest records$/,
    keeps: { records: 300 },
  },
  {
    name: 'a missing log of LevelDB',
    damage: async (folder) => rm(await levelFile(folder, /\.log$/)),
    said: /\d+\.log is missing/,
    lost: /latest records/,
    keeps: { records: 200 },
  },
  {
    name: 'flipped bytes in the MANIFEST of LevelDB',
    damage: async (folder) => flip(await levelFile(folder, /^MANIFEST/), 0.05),
    said: /MANIFEST-\d+ is damaged/,
    lost: /^which files belong together/,
    keeps: {},
  },
  {
    name: 'a missing CURRENT of LevelDB',
    damage: async (folder) => rm(join(folder, 'kinesis', 'CURRENT')),
    said: /CURRENT is missing/,
    lost: /^which files belong together/,
    keeps: {},
  },
  {
    name: 'a missing folder of Kinesis',
    damage: async (folder) => rm(join(folder, 'kinesis'), { recursive: true }),
    said: /CURRENT is missing/,
    lost: /^all streams$/,
    keeps: { records: 0 },
  },
  {
    name: 'a list of log groups that is cut off',
    damage: async (folder) => truncate(join(folder, 'logs', 'groups.json'), 9),
    said: /groups\.json is no JSON/,
    lost: /^all logs, and nothing else$/,
    keeps: {},
  },
  {
    name: 'a zeroed SQLite file',
    damage: async (folder) => writeFile(join(folder, 'dynamodb.sqlite'), Buffer.alloc(4096)),
    said: /dynamodb\.sqlite does not begin as a SQLite file/,
    lost: /^all items that are not in its log$/,
    keeps: {},
  },
  {
    name: 'an emptied SQLite file',
    damage: async (folder) => truncate(join(folder, 'dynamodb.sqlite'), 0),
    said: /dynamodb\.sqlite is empty/,
    lost: /^all items$/,
    keeps: { items: 0 },
  },
  {
    name: 'a missing SQLite file',
    damage: async (folder) => rm(join(folder, 'objects', 'fauxqs.db')),
    said: /fauxqs\.db is missing/,
    lost: /^all objects and messages$/,
    keeps: { objects: 0 },
  },
  {
    name: 'flipped bytes in a log of SQLite',
    damage: async (folder) => flip(join(folder, 'dynamodb.sqlite-wal'), 0.5),
    said: /dynamodb\.sqlite-wal is damaged at frame \d+ of \d+/,
    lost: /^the latest changes of its items$/,
    keeps: { items: 10 },
  },
  {
    name: 'a flipped page in a SQLite file',
    async damage(folder) {
      const file = join(folder, 'objects', 'fauxqs.db');
      const database = new DatabaseSync(file);
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
      await flip(file, 0.7, 4096);
    },
    said: /fauxqs\.db (has damaged pages|cannot be read)/,
    lost: /^(some of its|all) objects and messages$/,
    keeps: { objects: 10 },
  },
  {
    name: 'a missing log of SQLite',
    damage: async (folder) => rm(join(folder, 'objects', 'fauxqs.db-wal')),
    said: /fauxqs\.db has no table s3_objects, sqs_messages/,
    lost: /^all objects and messages$/,
    keeps: { objects: 0 },
  },
  {
    name: 'a torn checkpoint',
    damage: async (folder) => writeFile(join(folder, 'pipes', 'ingest', 'checkpoint.json'), '{"version":1,'),
    said: /checkpoint\.json is not JSON/,
    lost: /^up to where the pipe ingest has read/,
    keeps: {},
  },
  {
    name: 'a torn checkpoint of a delivery stream',
    damage: async (folder) => writeFile(join(folder, 'firehose', 'archive', 'checkpoint.json'), '{"version":1,'),
    said: /archive\/checkpoint\.json is not JSON/,
    lost: /^up to where the delivery stream archive has read/,
    keeps: {},
  },
  {
    name: 'flipped bytes in a journal',
    damage: async (folder) => flip(join(folder, 'firehose', 'archive', '00000001.journal'), 0.4),
    said: /00000001\.journal is damaged at byte \d+ of \d+/,
    lost: /^up to [\d.]+ .* of records that wait for their delivery$/,
    keeps: { journaled: 2 },
  },
];
