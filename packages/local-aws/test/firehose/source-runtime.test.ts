import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateDeliveryStreamCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { ListShardsCommand, PutRecordsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { until } from '../../../kit/test/until.ts';
import { type Runtime, startRuntime } from '../../src/runtime.ts';
import { zip } from '../lambda/fixture.ts';
import { writeSmallAssembly } from '../small-assembly.ts';

const resources = {
  Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'readings', ShardCount: 1 } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'lake' } },
  Delivery: {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: { 'Fn::GetAtt': ['Stream', 'Arn'] },
        RoleARN: 'arn:aws:iam::000000000000:role/Source',
      },
      ExtendedS3DestinationConfiguration: {
        BucketARN: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
        RoleARN: 'arn:aws:iam::000000000000:role/Delivery',
        CompressionFormat: 'GZIP',
        BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
        ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
      },
    },
  },
};

let folder: string;
let runtime: Runtime;
let clients: AwsClients;

async function start(): Promise<void> {
  runtime = await startRuntime({
    dataFolder: join(folder, 'data'),
    assemblyFolder: join(folder, 'assembly'),
    maxBufferIntervalSeconds: 0,
    roles: 'off',
  });
  clients = createClients({ endpoint: runtime.endpoint });
}
async function stop(): Promise<void> {
  clients.destroy();
  await runtime.stop();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-'));
  await writeSmallAssembly(join(folder, 'assembly'), resources);
  await start();
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

async function putNumbers(from: number, to: number): Promise<void> {
  const Records = Array.from({ length: to - from }, (_, index) => ({
    PartitionKey: String(index),
    Data: Buffer.from(String(from + index)),
  }));
  await clients.kinesis.send(new PutRecordsCommand({ StreamName: 'readings', Records }));
}

async function numbersInLake(): Promise<number[]> {
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
  const found: number[] = [];
  for (const { Key = '' } of Contents) {
    if (Key.startsWith('upper/')) continue;
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
    const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
    found.push(...text.split('\n').slice(0, -1).map(Number));
  }
  return found.sort((a, b) => a - b);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('a delivery stream of a runtime', () => {
  it('does not take the stop of the runtime for a failure of its function', async () => {
    const functionThat = (body: string) =>
      zip({ 'index.mjs': `export const handler = async ({ records }) => {${body}}` });
    await deploy(functionThat('await new Promise((resolve) => setTimeout(resolve, 60_000));'));
    await clients.firehose.send(
      new PutRecordCommand({ DeliveryStreamName: 'Upper', Record: { Data: Buffer.from('a') } }),
    );
    await until(async () => (await runtime.idle()).some(({ what }) => what === 'function upper'));
    await stop();
    await start();
    await deploy(functionThat("return { records: records.map((record) => ({ ...record, result: 'Ok' })) };"));
    await runtime.whenIdle();

    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'upper/' }));
    expect(Contents.map(({ Key }) => Key)).toEqual([expect.not.stringContaining('processing-failed')]);
  });

  it('delivers the records of a Kinesis stream, over restarts and new shards, once each', async () => {
    await putNumbers(0, 100);
    await runtime.whenIdle();
    expect(await numbersInLake()).toEqual(upTo(100));

    await stop();
    await start();
    const { Shards: [shard] = [] } = await clients.kinesis.send(new ListShardsCommand({ StreamName: 'readings' }));
    await putNumbers(100, 150);
    await clients.kinesis.send(
      new SplitShardCommand({
        StreamName: 'readings',
        ShardToSplit: shard?.ShardId,
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await until(async () => {
      const { Shards } = await clients.kinesis.send(new ListShardsCommand({ StreamName: 'readings' }));
      return Shards?.length === 3;
    });
    await putNumbers(150, 200);
    await runtime.whenIdle();
    expect(await numbersInLake()).toEqual(upTo(200));
  });
});

/** Creates the function `upper`, and the delivery stream `Upper` that goes through it once. */
async function deploy(ZipFile: Uint8Array): Promise<void> {
  const { FunctionArn } = await clients.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'upper',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/R',
      Timeout: 90,
      Code: { ZipFile },
    }),
  );
  await clients.firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'Upper',
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'arn:aws:s3:::lake',
        RoleARN: 'arn:aws:iam::000000000000:role/R',
        Prefix: 'upper/',
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: [
                { ParameterName: 'LambdaArn', ParameterValue: FunctionArn },
                { ParameterName: 'NumberOfRetries', ParameterValue: '0' },
              ],
            },
          ],
        },
      },
    }),
  );
}
