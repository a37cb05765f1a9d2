import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, GetShardIteratorCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { until } from '../../kit/test/until.ts';
import { type Runtime, startRuntime } from '../src/runtime.ts';
import { smallResources, writeSmallAssembly } from './small-assembly.ts';

const MB = 1e6;
let home: string;
let disk: string;
/** Mounting a disk of 20 MB needs root on Linux. Elsewhere the runtime is told the free bytes. */
let isMounted = false;
let toldFreeBytes = 100 * MB;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'disk-full-'));
  disk = join(home, 'disk');
  await mkdir(disk);
  await writeSmallAssembly(join(home, 'assembly'), smallResources);
  isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', disk]).status === 0;
});
afterAll(async () => {
  if (isMounted) spawnSync('umount', [disk]);
  await rm(home, { recursive: true });
});

const ballast = () => join(disk, 'ballast');
async function fillDisk(): Promise<void> {
  toldFreeBytes = 0;
  // It ends with ENOSPC, which is what it is for.
  if (isMounted) await writeFile(ballast(), Buffer.alloc(30 * MB)).catch(() => {});
}
async function freeDisk(): Promise<void> {
  toldFreeBytes = 100 * MB;
  await rm(ballast(), { force: true });
}

async function start(): Promise<{ runtime: Runtime; clients: AwsClients; lines: string[] }> {
  const lines: string[] = [];
  const runtime = await startRuntime({
    dataFolder: join(disk, 'data'),
    assemblyFolder: join(home, 'assembly'),
    log: (line) => lines.push(line),
    ...(isMounted ? {} : { freeBytes: () => toldFreeBytes }),
  });
  return { runtime, clients: createClients({ endpoint: runtime.endpoint, maxAttempts: 1 }), lines };
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

it('refuses writes on a full disk, goes on when there is room, and has lost nothing that it accepted', async () => {
  const first = await start();
  const accepted: string[][] = writes.map(() => []);
  const refused: unknown[] = [];
  const attempt = async (id: string) => {
    for (const [index, write] of writes.entries()) {
      const error = await write(first.clients, id).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) accepted[index]?.push(id);
      else refused.push(error);
    }
  };
  const health = async () => (await fetch(`${first.runtime.endpoint}/_health`)).status;

  for (let n = 0; n < 10; n += 1) await attempt(`before-${n}`);
  expect(refused).toEqual([]);
  const filling = fillDisk();
  for (let n = 0; n < 25; n += 1) await attempt(`meanwhile-${n}`);
  await filling;
  await until(async () => (await health()) === 503);
  for (let n = 0; n < 4; n += 1) await attempt(`full-${n}`);
  expect(refused.length).toBeGreaterThanOrEqual(12);
  for (const error of refused) {
    expect(error).toMatchObject({
      name: expect.stringMatching(/^(ServiceUnavailable|InternalServerError)$/),
      message: expect.stringContaining('disk full: '),
    });
  }
  await freeDisk();
  await until(async () => (await health()) === 200);
  const refusals = refused.length;
  for (let n = 0; n < 10; n += 1) await attempt(`after-${n}`);
  expect(refused.length).toBe(refusals);
  expect(first.lines.filter((line) => line.startsWith('disk full: '))).toHaveLength(1);
  expect(first.lines.join('\n')).not.toContain('failed (');
  first.clients.destroy();
  await first.runtime.stop();

  const second = await start();
  const [records = [], items = [], objects = []] = accepted;
  expect([...(await keysInStream(second.clients))]).toEqual(expect.arrayContaining(records));
  for (const id of items) {
    const key = { TableName: 'Small-Table', Key: { id: { S: id } }, ConsistentRead: true };
    expect((await second.clients.dynamodb.send(new GetItemCommand(key))).Item).toBeDefined();
  }
  for (const Key of objects) {
    const { Body } = await second.clients.s3.send(new GetObjectCommand({ Bucket: 'small-bucket', Key }));
    expect(await Body?.transformToString()).toBe(Key.repeat(5_000));
  }
  second.clients.destroy();
  await second.runtime.stop();
});
