import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStacksCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { type Runtime, type RuntimeOptions, startRuntime } from '../src/runtime.ts';
import { writeAssembly, writeSmallAssembly } from './small-assembly.ts';

const core = {
  Resources: { Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } } },
  Outputs: {
    StreamArn: {
      Value: { 'Fn::GetAtt': ['Stream', 'Arn'] },
      Export: { Name: { 'Fn::Sub': '${AWS::StackName}-StreamArn' } },
    },
  },
};
/** Delivers what is in the stream of the other stack. */
const lake = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'Delivery',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['kinesis:ListShards', 'kinesis:GetShardIterator', 'kinesis:GetRecords'],
                  Resource: { 'Fn::ImportValue': 'Core-StreamArn' },
                },
                {
                  Effect: 'Allow',
                  Action: 's3:PutObject',
                  Resource: { 'Fn::Sub': '${Bucket.Arn}/*' },
                },
              ],
            },
          },
        ],
      },
    },
    Delivery: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: {
          KinesisStreamARN: { 'Fn::ImportValue': 'Core-StreamArn' },
          RoleARN: { 'Fn::GetAtt': ['Role', 'Arn'] },
        },
        ExtendedS3DestinationConfiguration: {
          BucketARN: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
          RoleARN: { 'Fn::GetAtt': ['Role', 'Arn'] },
          S3BackupMode: 'Disabled',
          DataFormatConversionConfiguration: { Enabled: false },
          ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
        },
      },
    },
  },
  Outputs: { BucketName: { Value: { Ref: 'Bucket' } } },
};

let folder: string;
let runtime: Runtime;
let clients: AwsClients;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stacks-'));
  await writeAssembly(join(folder, 'app'), { Lake: lake, Core: core });
});
afterEach(async () => {
  clients.destroy();
  await runtime.stop();
});
afterAll(() => rm(folder, { recursive: true }));

async function start(options: Partial<RuntimeOptions> = {}): Promise<void> {
  runtime = await startRuntime({
    assemblyFolder: join(folder, 'app'),
    dataFolder: join(folder, 'data'),
    maxBufferIntervalSeconds: 0,
    ...options,
  });
  clients = createClients({ endpoint: runtime.endpoint });
}

const put = (text: string) =>
  clients.kinesis.send(new PutRecordCommand({ StreamName: 'Core-Stream', PartitionKey: 'k', Data: Buffer.from(text) }));

async function linesInLake(): Promise<string[]> {
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake-bucket' }));
  const texts = Contents.map(async ({ Key }) => {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake-bucket', Key }));
    return (await Body?.transformToString()) ?? '';
  });
  return (await Promise.all(texts)).join('').trim().split('\n').sort();
}

it('runs all stacks of an app, one reading from another, and answers for each', async () => {
  await start();
  const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/Core-Stream';
  expect(runtime.stacks).toEqual([
    { name: 'Core', outputs: { StreamArn: streamArn } },
    { name: 'Lake', outputs: { BucketName: 'lake-bucket' } },
  ]);
  expect([runtime.stackName, runtime.outputs]).toEqual(['Core', { StreamArn: streamArn }]);
  const { StackSummaries } = await clients.cloudformation.send(new ListStacksCommand({}));
  expect(StackSummaries?.map(({ StackName }) => StackName)).toEqual(['Lake', 'Core']);
  const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'Lake' }));
  expect(Stacks).toMatchObject([
    {
      StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:000000000000:stack\/Lake\/[-0-9a-f]{36}$/),
      Outputs: [{ OutputKey: 'BucketName', OutputValue: 'lake-bucket' }],
    },
  ]);
  await put('first');
  await runtime.whenIdle();
  expect(await linesInLake()).toEqual(['first']);
});

it('leaves out what is not chosen, and goes on with it when it is chosen again', async () => {
  await start({ stacks: ['Core'] });
  expect(runtime.stacks.map(({ name }) => name)).toEqual(['Core']);
  const { DeliveryStreamNames } = await clients.firehose.send(new ListDeliveryStreamsCommand({}));
  expect(DeliveryStreamNames).toEqual([]);
  await put('meanwhile');
  await runtime.whenIdle();
  expect(await linesInLake()).toEqual(['first']);

  clients.destroy();
  await runtime.stop();
  await start({ stacks: ['Lake', 'Core'] });
  await runtime.whenIdle();
  expect(await linesInLake()).toEqual(['first', 'meanwhile']);
});

it('goes on with the data of an app that had one stack', async () => {
  const dataFolder = join(folder, 'old');
  await writeSmallAssembly(join(folder, 'old-app'), core.Resources);
  await start({ dataFolder, assemblyFolder: join(folder, 'old-app') });
  clients.destroy();
  await runtime.stop();
  await writeAssembly(join(folder, 'new-app'), {
    Small: core,
    Lake: JSON.parse(JSON.stringify(lake).replaceAll('Core-', 'Small-')),
  });
  await start({ dataFolder, assemblyFolder: join(folder, 'new-app') });
  expect(runtime.stacks.map(({ name }) => name)).toEqual(['Small', 'Lake']);
});
