import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command, NoSuchKey } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { FastForwardClock } from '@tweet-pipes/kit/clock';
import { type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { until } from '../../packages/kit/test/until.ts';
import { type App, cdk, copyApp } from './cdk-cli.ts';

// Other people's apps, by the plain CDK CLI, on one endpoint that starts without a stack. The tests are steps of one
// story: each CLI run takes some seconds.

const clock = new FastForwardClock();
let dataFolder: string;
let runtime: Runtime;
let clients: AwsClients;
let orders: App;
let reports: App;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'cdk-cli-'));
  runtime = await startRuntime({ empty: true, dataFolder, clock, log: () => {} });
  clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
  orders = await copyApp('orders-to-queue');
  reports = await copyApp('report-by-schedule');
});
afterAll(async () => {
  clients?.destroy();
  await runtime?.stop();
  await orders?.remove();
  await reports?.remove();
  await rm(dataFolder, { recursive: true, force: true });
});

const deploy = async (assembly: string, ...options: string[]) => {
  const args = ['deploy', '--all', '-a', assembly, '--require-approval', 'never', ...options];
  const ended = await cdk(args, runtime);
  expect(ended).toEqual({ code: 0, output: expect.stringContaining('✅') });
  return ended.output;
};
const outputsOf = async (StackName: string): Promise<Record<string, string>> => {
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName }));
  return Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']),
  );
};
const put = (TableName: string, id: string, kind: string) =>
  clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, kind: { S: kind } } }));
const receive = async (QueueUrl: string) => {
  const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  for (const { ReceiptHandle } of Messages)
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body = '' }) => JSON.parse(Body));
};
/** The text of an object, once it is there. */
const object = async (Bucket: string, Key: string): Promise<string> => {
  let text: string | undefined;
  await until(
    async () => {
      try {
        text = await (await clients.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
      } catch (error) {
        if (!(error instanceof NoSuchKey)) throw error;
      }
      return text !== undefined;
    },
    { what: `${Key} in ${Bucket}`, everyMs: 20 },
  );
  return text ?? '';
};

it('deploys to an endpoint that was never bootstrapped, after a deployment that Ctrl-C ended', async () => {
  const assembly = await orders.synthesize();
  const interrupted = ['deploy', '--all', '-a', assembly, '--require-approval', 'never'];
  const { code } = await cdk(interrupted, { ...runtime, interruptAt: 'creating CloudFormation changeset' });
  expect(code).not.toBe(0);
  expect(await deploy(assembly)).not.toMatch(/Proceeding anyway|assume/);

  const { TableName = '', QueueUrl = '' } = await outputsOf('OrdersToQueue');
  await put(TableName, 'a toy', 'toy');
  await put(TableName, 'a book', 'book');
  expect(await receive(QueueUrl)).toEqual([{ order: 'a book' }]);
});

it('shows a changed filter, and changes it in place: the data stays', async () => {
  const { TableName = '', QueueUrl = '' } = await outputsOf('OrdersToQueue');
  const assembly = await orders.synthesize({ kind: 'toy' });
  const diff = await cdk(['diff', '-a', assembly, '--fail'], runtime);
  expect(diff).toEqual({
    code: 1,
    output: expect.stringMatching(/\[~\] AWS::Pipes::Pipe Pipe[\s\S]*"S\\":\[\\"toy\\"\]/),
  });
  await deploy(assembly);

  await put(TableName, 'another book', 'book');
  await put(TableName, 'another toy', 'toy');
  expect(await receive(QueueUrl)).toEqual([{ order: 'another toy' }]);
  const { StackEvents = [] } = await clients.cloudformation.send(
    new DescribeStackEventsCommand({ StackName: 'OrdersToQueue' }),
  );
  expect(StackEvents).toContainEqual(
    expect.objectContaining({ LogicalResourceId: 'Pipe', ResourceStatus: 'UPDATE_COMPLETE' }),
  );
  expect(StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.startsWith('DELETE'))).toEqual([]);
  const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: 'a book' } } }));
  expect(Item).toBeDefined();
});

it('hotswaps a queue, past its stack', async () => {
  const { QueueUrl } = await outputsOf('OrdersToQueue');
  const assembly = await orders.synthesize({ kind: 'toy', visibilitySeconds: '60' });
  expect(await deploy(assembly, '--hotswap')).toContain(`AWS::SQS::Queue '${QueueUrl}' hotswapped!`);
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  expect(Attributes).toEqual({ VisibilityTimeout: '60' });
  const { TemplateBody = '' } = await clients.cloudformation.send(
    new GetTemplateCommand({ StackName: 'OrdersToQueue' }),
  );
  expect(TemplateBody).toMatch(/"VisibilityTimeout": 30\b/);
});

it('bootstraps, which takes over what the endpoint has made', async () => {
  const bootstrap = await cdk(['bootstrap', 'aws://000000000000/us-east-1'], runtime);
  expect(bootstrap).toEqual({ code: 0, output: expect.stringContaining('bootstrapped') });
  expect(await outputsOf('CDKToolkit')).toMatchObject({
    BucketName: 'cdk-hnb659fds-assets-000000000000-us-east-1',
    BootstrapVersion: expect.stringMatching(/^[3-9]\d$/),
  });
});

it('deploys a schedule and its function, and changes the code of the function', async () => {
  await deploy(await reports.synthesize());
  const { BucketName = '' } = await outputsOf('ReportBySchedule');
  // A rate begins with the schedule.
  expect(await object(BucketName, 'first.txt')).toBe('Report: first');

  const code = join(reports.folder, 'function/index.mjs');
  await writeFile(code, (await readFile(code, 'utf8')).replace('Report: ', 'Changed report: '));
  await deploy(await reports.synthesize({ title: 'second' }));
  clock.skip(60_000);
  expect(await object(BucketName, 'second.txt')).toBe('Changed report: second');

  // As on AWS, a bucket with objects cannot be deleted.
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: BucketName }));
  const Objects = Contents.map(({ Key = '' }) => ({ Key }));
  await clients.s3.send(new DeleteObjectsCommand({ Bucket: BucketName, Delete: { Objects } }));
});

it('says why a stack could not be created, and rolls it back', async () => {
  const Code = { S3Bucket: 'cdk-hnb659fds-assets-000000000000-us-east-1', S3Key: 'none.zip' };
  const Properties = {
    Code,
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
  };
  const Statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const trust = { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement } };
  const TemplateBody = JSON.stringify({
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Role: { Type: 'AWS::IAM::Role', Properties: trust },
      Function: { Type: 'AWS::Lambda::Function', Properties },
    },
  });
  const { cloudformation } = clients;
  const { StackId } = await cloudformation.send(
    new CreateStackCommand({ StackName: 'Broken', TemplateBody, Capabilities: ['CAPABILITY_IAM'] }),
  );
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: StackId }));
  expect(Stacks[0]?.StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: StackId }));
  expect(StackEvents).toContainEqual(
    expect.objectContaining({
      ...{ LogicalResourceId: 'Function', ResourceStatus: 'CREATE_FAILED' },
      ResourceStatusReason: expect.stringContaining('none.zip'),
    }),
  );
});

it('destroys both', async () => {
  const { TableName } = await outputsOf('OrdersToQueue');
  for (const app of [orders, reports]) {
    const destroyed = await cdk(['destroy', '--all', '--force', '-a', app.assembly], runtime);
    expect(destroyed).toEqual({ code: 0, output: expect.stringContaining('destroyed') });
  }
  await expect(clients.dynamodb.send(new DescribeTableCommand({ TableName }))).rejects.toThrow(
    ResourceNotFoundException,
  );
  await expect(outputsOf('OrdersToQueue')).rejects.toThrow('Stack with id OrdersToQueue does not exist');
});
