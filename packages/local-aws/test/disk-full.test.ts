import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, GetShardIteratorCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { until } from '../../kit/test/until.ts';
import { smallResources, writeSmallAssembly } from './small-assembly.ts';
import { canMount, SmallDisk } from './small-disk.ts';

const home = await mkdtemp(join(tmpdir(), 'disk-full-'));
const disk = join(home, 'disk');
await mkdir(disk);
const isTold = !canMount(disk);
let small: SmallDisk;
let clients: AwsClients;
beforeEach(async () => {
  await writeSmallAssembly(join(home, 'assembly'), smallResources);
  small = new SmallDisk({ disk, assemblyFolder: join(home, 'assembly'), isTold });
});
afterEach(() => small.end());
afterAll(() => rm(home, { recursive: true }));

async function start(): Promise<void> {
  await small.do('start');
  clients = createClients({ endpoint: small.endpoint, maxAttempts: 1 });
}

/** Writes of each engine under one id: a record, an item, an object. */
const writes: readonly ((clients: AwsClients, id: string) => Promise<unknown>)[] = [
  ({ kinesis }, id) =>
    kinesis.send(
      new PutRecordsCommand({
        StreamName: 'Small-Stream',
        Records: [{ PartitionKey: id, Data: Buffer.alloc(20_000, id) }],
      }),
    ),
  ({ dynamodb }, id) =>
    dynamodb.send(
      new PutItemCommand({ TableName: 'Small-Table', Item: { id: { S: id }, text: { S: id.repeat(5_000) } } }),
    ),
  ({ s3 }, id) => s3.send(new PutObjectCommand({ Bucket: 'small-bucket', Key: id, Body: id.repeat(5_000) })),
];

async function keysInStream({ kinesis }: AwsClients): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const ShardId of ['shardId-000000000000', 'shardId-000000000001']) {
    const start = { StreamName: 'Small-Stream', ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start));
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    for (const { PartitionKey = '' } of Records) keys.add(PartitionKey);
  }
  return keys;
}

const where = isTold ? 'a disk that seems full (no mount without Linux and user namespaces)' : 'a full disk of 20 MB';

it(`refuses writes on ${where}, goes on when there is room, and has lost nothing that it accepted`, async () => {
  await start();
  const accepted: string[][] = writes.map(() => []);
  const refused: unknown[] = [];
  const attempt = async (id: string) => {
    for (const [index, write] of writes.entries()) {
      const error = await write(clients, id).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) accepted[index]?.push(id);
      else refused.push(error);
    }
  };
  const health = async () => (await fetch(`${small.endpoint}/_health`)).status;

  for (let n = 0; n < 10; n += 1) await attempt(`before-${n}`);
  expect(refused).toEqual([]);
  expect(small.lines).toEqual([]);
  const filling = small.do('fill');
  for (let n = 0; n < 25; n += 1) await attempt(`meanwhile-${n}`);
  await filling;
  for (let n = 0; n < 4; n += 1) await attempt(`full-${n}`);
  expect(refused.length).toBeGreaterThanOrEqual(12);
  for (const error of refused) {
    expect(error).toMatchObject({
      name: expect.stringMatching(/^(ServiceUnavailable|InternalServerError)$/),
      message: expect.stringContaining('disk full: '),
    });
  }
  expect(small.lines).toEqual([
    expect.stringMatching(/^disk full: .*disk\/data, [\d.]+ MB left, needs 10 MB\. Free some/),
  ]);
  expect(await health()).toBe(503);
  await small.do('free');
  await until(async () => (await health()) === 200);
  const refusals = refused.length;
  for (let n = 0; n < 10; n += 1) await attempt(`after-${n}`);
  expect(refused.length).toBe(refusals);
  expect(small.lines).toEqual([expect.anything(), expect.stringMatching(/^The disk has room again: /)]);
  clients.destroy();
  await small.do('stop');

  await start();
  const [records = [], items = [], objects = []] = accepted;
  expect([...(await keysInStream(clients))]).toEqual(expect.arrayContaining(records));
  for (const id of items) {
    const key = { TableName: 'Small-Table', Key: { id: { S: id } }, ConsistentRead: true };
    expect((await clients.dynamodb.send(new GetItemCommand(key))).Item).toBeDefined();
  }
  for (const Key of objects) {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'small-bucket', Key }));
    expect(await Body?.transformToString()).toBe(Key.repeat(5_000));
  }
  clients.destroy();
});
