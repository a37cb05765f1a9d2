import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  ListTagsForStreamCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock, systemClock } from '@tweet-pipes/kit/clock';
import db from 'kinesalite/db/index.js';
import { startKinesis } from '../../src/engines/kinesis-engine.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const SHARD = 'shardId-000000000000';
const arn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint();
});
afterAll(() => aws.stop());

const create = (StreamName: string, ShardCount = 1): Promise<unknown> =>
  aws.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
const put = (StreamName: string, ...data: (string | Uint8Array)[]): Promise<unknown> =>
  aws.clients.kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: data.map((Data) => ({ PartitionKey: 'k', Data: Buffer.from(Data) })),
    }),
  );
async function read(
  StreamName: string,
  position: Partial<GetShardIteratorCommandInput>,
  Limit?: number,
): Promise<GetRecordsCommandOutput> {
  const { ShardIterator } = await aws.clients.kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON', ...position }),
  );
  return aws.clients.kinesis.send(new GetRecordsCommand({ ShardIterator, Limit }));
}
const texts = ({ Records = [] }: GetRecordsCommandOutput): string[] =>
  Records.map(({ Data }) => Buffer.from(Data ?? []).toString());

describe('CreateStream', () => {
  it('answers when the stream can be used, with its mode and tags', async () => {
    await aws.clients.kinesis.send(
      new CreateStreamCommand({
        StreamName: 'on-demand',
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        Tags: { team: 'ж' },
      }),
    );
    const { StreamDescriptionSummary } = await aws.clients.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamARN: arn('on-demand') }),
    );
    expect(StreamDescriptionSummary).toMatchObject({
      StreamARN: arn('on-demand'),
      StreamStatus: 'ACTIVE',
      OpenShardCount: 4,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
    const { Tags } = await aws.clients.kinesis.send(new ListTagsForStreamCommand({ StreamName: 'on-demand' }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'ж' }]);
  });

  it.each([
    [
      'a member that would be ignored',
      { StreamName: 'x', ShardCount: 1, MaxRecordSizeInKiB: 2048 },
      'CreateStream with MaxRecordSizeInKiB is not supported',
    ],
    [
      'a shard count on demand',
      { StreamName: 'x', ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' as const } },
      'ShardCount must not be given',
    ],
    ['a bad name', { StreamName: 'a b', ShardCount: 1 }, 'failed to satisfy constraint'],
  ])('refuses %s', async (_case, input, message) => {
    const call = aws.clients.kinesis.send(new CreateStreamCommand(input));
    await expect(call).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});

describe('reading', () => {
  it('reports the lag of an answer, and 0 only at the newest record', async () => {
    await create('lag');
    expect((await read('lag', {})).MillisBehindLatest).toBe(0);
    await put('lag', 'a', 'b', 'c');
    expect((await read('lag', {}, 2)).MillisBehindLatest).toBeGreaterThan(0);
    const all = await read('lag', {}, 3);
    expect([texts(all), all.MillisBehindLatest]).toEqual([['a', 'b', 'c'], 0]);
    const rest = await aws.clients.kinesis.send(
      new GetRecordsCommand({ ShardIterator: all.NextShardIterator, StreamARN: arn('lag') }),
    );
    expect([texts(rest), rest.MillisBehindLatest]).toEqual([[], 0]);
  });

  it('opens an iterator by time, also when no record is as new', async () => {
    await create('times');
    await put('times', 'a');
    const [first] = (await read('times', {})).Records ?? [];
    const arrival = first?.ApproximateArrivalTimestamp ?? new Date(0);
    const at = (offsetMs: number): Partial<GetShardIteratorCommandInput> => ({
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: new Date(arrival.getTime() + offsetMs),
    });
    expect(texts(await read('times', at(-1_000)))).toEqual(['a']);
    expect(texts(await read('times', at(0)))).toEqual(['a']);
    await create('empty');
    expect(texts(await read('empty', at(-1_000)))).toEqual([]);
    const future = read('times', { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() + 3_600_000) });
    await expect(future).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('ends an answer at 10 MiB, at least one record long', async () => {
    await create('big');
    const megabyte = Buffer.alloc(1_048_576, 'x');
    for (let call = 0; call < 6; call++) await put('big', megabyte, megabyte);
    const page = await read('big', {});
    expect(page.Records).toHaveLength(9); // Partition keys count, so the tenth does not fit.
    expect(page.MillisBehindLatest).toBeGreaterThan(0);
    const rest = await aws.clients.kinesis.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
    expect(rest.Records).toHaveLength(3);
  });

  it('reads a closed shard to its end, then its children', async () => {
    await create('split');
    await put('split', 'before');
    await aws.clients.kinesis.send(
      new SplitShardCommand({ StreamARN: arn('split'), ShardToSplit: SHARD, NewStartingHashKey: String(2n ** 127n) }),
    );
    const { Shards = [] } = await aws.clients.kinesis.send(new ListShardsCommand({ StreamARN: arn('split') }));
    expect(Shards.map(({ ParentShardId }) => ParentShardId)).toEqual([undefined, SHARD, SHARD]);
    let page = await read('split', {});
    const seen = texts(page);
    while (page.NextShardIterator !== undefined) {
      expect(page.ChildShards).toBeUndefined();
      page = await aws.clients.kinesis.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
      seen.push(...texts(page));
    }
    expect(seen).toEqual(['before']);
    const half = String(2n ** 127n);
    expect(page.ChildShards).toEqual([
      {
        ShardId: 'shardId-000000000001',
        ParentShards: [SHARD],
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) },
      },
      {
        ShardId: 'shardId-000000000002',
        ParentShards: [SHARD],
        HashKeyRange: { StartingHashKey: half, EndingHashKey: String(2n ** 128n - 1n) },
      },
    ]);
  });
});

describe('refusals', () => {
  it.each([
    [
      'other streams in ARN and name',
      { StreamARN: arn('a'), StreamName: 'b' },
      'StreamARN and StreamName name different streams.',
    ],
    ['an ARN of something else', { StreamARN: 'arn:aws:sqs:us-east-1:000000000000:a' }, 'is not the ARN of a stream'],
  ])('%s', async (_case, input, message) => {
    const call = aws.clients.kinesis.send(new DescribeStreamSummaryCommand(input));
    await expect(call).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining(message),
    });
  });

  it('an operation that the engine lacks, by name', async () => {
    const call = aws.clients.kinesis.send(
      new EnableEnhancedMonitoringCommand({ StreamName: 'lag', ShardLevelMetrics: ['ALL'] }),
    );
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('kinesis EnableEnhancedMonitoring'),
    });
  });

  it('more than 10 MiB in one call, and a record over 1 MiB', async () => {
    await create('sizes');
    const call = put('sizes', ...Array.from({ length: 11 }, () => Buffer.alloc(1_000_000)));
    await expect(call).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: 'Records size exceeds 10 MB limit',
    });
    await expect(put('sizes', Buffer.alloc(1_048_577))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('the data folder', () => {
  const options = (dataFolder: string): Parameters<typeof startKinesis>[0] => ({
    dataFolder,
    region: 'us-east-1',
    accountId: '000000000000',
    clock: systemClock,
    meter: unmetered,
  });

  it('that another process uses is rejected with a remedy', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'local-aws-'));
    await (await startKinesis(options(dataFolder))).stop(); // Makes the folder.
    const script = `require(${JSON.stringify(fileURLToPath(import.meta.resolve('leveldown')))})(process.argv[1]).open((error) => { console.log(error ?? 'open'); setInterval(() => {}, 1000); })`;
    const other = spawn(process.execPath, ['-e', script, join(dataFolder, 'kinesis')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    expect(String(await once(other.stdout, 'data'))).toBe('open\n');
    await expect(startKinesis(options(dataFolder))).rejects.toThrow(/kinesis is in use by another process\. .*--data/);
    const gone = once(other, 'exit');
    other.kill('SIGKILL');
    await gone;
    await (await startKinesis(options(dataFolder))).stop();
    await rm(dataFolder, { recursive: true });
  });

  it('left by a kill during a change is repaired', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'local-aws-'));
    const first = await startTestEndpoint({ dataFolder });
    const kinesis = first.clients.kinesis;
    for (const StreamName of ['creating', 'deleting', 'updating'])
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await kinesis.send(
      new PutRecordsCommand({ StreamName: 'deleting', Records: [{ PartitionKey: 'k', Data: Buffer.from('old') }] }),
    );
    await first.stop();
    // What kinesalite has on disk between the two steps of each change.
    const path = join(dataFolder, 'kinesis');
    const store = db.create({ path, createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 10 });
    for (const [name, StreamStatus] of [
      ['creating', 'CREATING'],
      ['deleting', 'DELETING'],
      ['updating', 'UPDATING'],
    ] as const) {
      await store.metaDb.put(name, { ...(await store.metaDb.get(name)), StreamStatus });
    }
    await store.db.close();
    const second = await startTestEndpoint({ dataFolder });
    const mended = second.clients.kinesis;
    await mended.send(
      new PutRecordsCommand({ StreamName: 'updating', Records: [{ PartitionKey: 'k', Data: Buffer.from('x') }] }),
    );
    for (const StreamName of ['creating', 'deleting']) {
      await mended.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      const { ShardIterator } = await mended.send(
        new GetShardIteratorCommand({ StreamName, ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      expect((await mended.send(new GetRecordsCommand({ ShardIterator }))).Records).toEqual([]);
    }
    await mended.send(new DeleteStreamCommand({ StreamName: 'updating' }));
    await second.stop();
    await rm(dataFolder, { recursive: true });
  });

  it('loses the records past their retention, and no others, when told to expire', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'local-aws-'));
    const first = await startTestEndpoint({ dataFolder });
    await first.clients.kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 3 }));
    const Records = Array.from({ length: 300 }, (_, index) => ({
      PartitionKey: String(index),
      Data: Buffer.from('x'),
    }));
    await first.clients.kinesis.send(new PutRecordsCommand({ StreamName: 's', Records }));
    expect(await first.kinesis.expire()).toBe(0);
    await first.stop();
    const clock = new ManualClock(systemClock.now() + 24 * 3_600_000 + 2_000);
    const later = await startKinesis({ ...options(dataFolder), clock });
    expect(await later.expire()).toBe(300);
    expect(await later.expire()).toBe(0);
    await later.stop();
    await rm(dataFolder, { recursive: true });
  });

  it('lists a closed shard until what is in it has expired, and the others after that too', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'local-aws-'));
    const clock = new ManualClock(systemClock.now());
    const aged = await startTestEndpoint({ dataFolder, clock });
    const { kinesis } = aged.clients;
    const StreamName = 's';
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await kinesis.send(
      new SplitShardCommand({ StreamName, ShardToSplit: SHARD, NewStartingHashKey: String(2n ** 127n) }),
    );
    const listed = async (): Promise<unknown[]> => {
      const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
      const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName }));
      expect(StreamDescription?.Shards).toEqual(Shards);
      return Shards.map(({ ShardId, ParentShardId }) => [ShardId?.slice(-1), ParentShardId?.slice(-1)]);
    };
    await clock.advance(24 * 3_600_000 - 5_000);
    expect(await listed()).toEqual([
      ['0', undefined],
      ['1', '0'],
      ['2', '0'],
    ]);
    await clock.advance(10_000);
    expect(await listed()).toEqual([
      ['1', '0'],
      ['2', '0'],
    ]);
    await aged.stop();
    await rm(dataFolder, { recursive: true });
  });
});
