import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeAlarmHistoryCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDeliveryStreamCommand, PutRecordCommand as PutToDelivery } from '@aws-sdk/client-firehose';
import { CreateCrawlerCommand, GetCrawlerCommand, StartCrawlerCommand } from '@aws-sdk/client-glue';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { CreatePipeCommand, DescribePipeCommand } from '@aws-sdk/client-pipes';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import { CreateStateMachineCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { until } from '../../../kit/test/until.ts';
import { type Runtime, startRuntime } from '../../src/runtime.ts';
import { zip } from '../lambda/fixture.ts';
import { writeSmallAssembly } from '../small-assembly.ts';

const policy = (Statement: object[]) => ({ Version: '2012-10-17', Statement });
const trust = (...services: string[]) =>
  policy([
    {
      Effect: 'Allow',
      Principal: { Service: services.map((name) => `${name}.amazonaws.com`) },
      Action: 'sts:AssumeRole',
    },
    { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' },
  ]);
const role = (name: string, AssumeRolePolicyDocument: object, statements: object[] = []) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: name,
    AssumeRolePolicyDocument,
    ...(statements.length > 0 && { Policies: [{ PolicyName: 'Own', PolicyDocument: policy(statements) }] }),
  },
});
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const table = arn('dynamodb', 'table/Small-Table');
const queue = (name: string) => `http://127.0.0.1:1/000000000000/Small-${name}`;

/** A role that may read its stream and give up what it cannot deliver, and another that is Lambda's alone. */
const resources = {
  Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    },
  },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Dead: { Type: 'AWS::SQS::Queue' },
  Closed: { Type: 'AWS::SQS::Queue' },
  Open: { Type: 'AWS::SQS::Queue' },
  Topic: { Type: 'AWS::SNS::Topic' },
  Quiet: { Type: 'AWS::SNS::Topic' },
  QueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Open' }],
      PolicyDocument: policy([
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': ['Open', 'Arn'] },
          Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } } },
        },
      ]),
    },
  },
  TopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Quiet' }],
      PolicyDocument: policy([
        { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sns:Publish', Resource: { Ref: 'Quiet' } },
      ]),
    },
  },
  Worker: role('Worker', trust('states', 'pipes', 'firehose', 'scheduler', 'glue', 'lambda'), [
    { Effect: 'Allow', Action: ['kinesis:Get*', 'kinesis:ListShards'], Resource: { 'Fn::GetAtt': ['Stream', 'Arn'] } },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } },
  ]),
  Functions: role('Functions', trust('lambda')),
  Own: role('Own', trust('lambda'), [
    {
      ...{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } },
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'mine' } },
    },
  ]),
};

let folder: string;
let runtime: Runtime;
let clients: AwsClients;
const lines: string[] = [];
const worker = 'arn:aws:iam::000000000000:role/Worker';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roles-'));
  await writeSmallAssembly(join(folder, 'assembly'), resources);
  runtime = await startRuntime({
    dataFolder: join(folder, 'data'),
    assemblyFolder: join(folder, 'assembly'),
    maxBufferIntervalSeconds: 0,
    log: (line) => lines.push(line),
  });
  clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  clients.destroy();
  await runtime.stop();
  await rm(folder, { recursive: true });
});

/** The line on the console for what is denied. */
async function isTold(text: string): Promise<void> {
  await until(() => lines.some((line) => line.startsWith('Denied: ') && line.includes(text)));
}

async function received(name: string): Promise<string[]> {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queue(name), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return Messages.map((message) => JSON.stringify(message));
}

async function createMachine(name: string, Resource: string, Arguments: object): Promise<string> {
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'Call',
    States: { Call: { Type: 'Task', Resource, Arguments, End: true } },
  };
  const { stateMachineArn = '' } = await clients.sfn.send(
    new CreateStateMachineCommand({ name, type: 'EXPRESS', roleArn: worker, definition: JSON.stringify(definition) }),
  );
  return stateMachineArn;
}

it.each([
  [
    'arn:aws:states:::dynamodb:putItem',
    { TableName: 'Small-Table', Item: { id: { S: '1' } } },
    'DynamoDB.AmazonDynamoDBException',
    `dynamodb:PutItem on resource: ${table}`,
  ],
  [
    'arn:aws:states:::lambda:invoke',
    { FunctionName: 'any' },
    'Lambda.AWSLambdaException',
    `lambda:InvokeFunction on resource: ${arn('lambda', 'function:any')}`,
  ],
])('a task of a workflow: %s', async (resource, given, error, denied) => {
  const stateMachineArn = await createMachine(error.replace('.', ''), resource, given);
  const answer = await clients.sfn.send(new StartSyncExecutionCommand({ stateMachineArn }));
  expect(answer).toMatchObject({ status: 'FAILED', error });
  expect(answer.cause).toContain(`is not authorized to perform: ${denied} because no identity-based policy allows`);
});

it("a pipe's target: its records become dead letters", async () => {
  const Target = await createMachine('target', 'arn:aws:states:::dynamodb:getItem', { TableName: 'T', Key: {} });
  const source = {
    StartingPosition: 'TRIM_HORIZON' as const,
    MaximumRetryAttempts: 0,
    DeadLetterConfig: { Arn: arn('sqs', 'Small-Dead') },
  };
  const create = (Name: string, dead = source.DeadLetterConfig) =>
    clients.pipes.send(
      new CreatePipeCommand({
        ...{ Name, RoleArn: worker, Source: arn('kinesis', 'stream/Small-Stream'), Target },
        SourceParameters: { KinesisStreamParameters: { ...source, DeadLetterConfig: dead } },
        TargetParameters: { StepFunctionStateMachineParameters: { InvocationType: 'REQUEST_RESPONSE' } },
      }),
    );
  await create('pipe');
  await clients.kinesis.send(
    new PutRecordCommand({ StreamName: 'Small-Stream', PartitionKey: 'k', Data: Buffer.from('1') }),
  );
  await until(async () => (await received('Dead')).some((message) => message.includes('pipe/pipe')));
  await isTold(`role Worker (session pipe) may not states:StartSyncExecution on ${Target}`);

  await create('deaf', { Arn: arn('sqs', 'Small-Closed') });
  const described = () => clients.pipes.send(new DescribePipeCommand({ Name: 'deaf' }));
  await until(async () => (await described()).CurrentState === 'CREATE_FAILED');
  expect((await described()).StateReason).toContain('is not authorized to perform: sqs:SendMessage');
});

it('a delivery: its object is not written', async () => {
  await clients.firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'delivery',
      ExtendedS3DestinationConfiguration: { RoleARN: worker, BucketARN: 'arn:aws:s3:::small-bucket' },
    }),
  );
  await clients.firehose.send(
    new PutToDelivery({ DeliveryStreamName: 'delivery', Record: { Data: Buffer.from('1') } }),
  );
  await isTold('role Worker (session delivery) may not s3:PutObject on arn:aws:s3:::small-bucket/');
  const { KeyCount } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'small-bucket' }));
  expect(KeyCount).toBe(0);
});

it('a function: it calls as its role, and what it prints is not in the log', async () => {
  const code = 'export const handler = async () => (console.log("printed"), process.env.AWS_ACCESS_KEY_ID);';
  const create = (FunctionName: string, Role: string) =>
    clients.lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Role, Runtime: 'nodejs24.x', Handler: 'index.handler' },
        Code: { ZipFile: zip({ 'index.mjs': code }) },
      }),
    );
  await create('printer', worker);
  const { Payload = [] } = await clients.lambda.send(new InvokeCommand({ FunctionName: 'printer' }));
  const key: string = JSON.parse(Buffer.from(Payload).toString());
  const asFunction = createClients({ endpoint: runtime.endpoint, accessKeyId: key, maxAttempts: 1 });
  const get = asFunction.dynamodb.send(new GetItemCommand({ TableName: 'Small-Table', Key: { id: { S: '1' } } }));
  await expect(get).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: arn:aws:sts::000000000000:assumed-role/Worker/printer is not authorized to perform: dynamodb:GetItem on resource: ${table} because no identity-based policy allows the dynamodb:GetItem action`,
  });
  asFunction.destroy();
  const { logs } = await clients.observation();
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/' }));
  expect(logGroups).toEqual([]);
});

it('a schedule: its invocation becomes a dead letter', async () => {
  const scheduler = await clients.scheduler();
  await scheduler.send(
    new CreateScheduleCommand({
      ...{ Name: 'schedule', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' } },
      Target: {
        Arn: arn('lambda', 'function:printer'),
        RoleArn: worker,
        RetryPolicy: { MaximumRetryAttempts: 0 },
        DeadLetterConfig: { Arn: arn('sqs', 'Small-Dead') },
      },
    }),
  );
  await until(async () => (await received('Dead')).some((message) => message.includes('AccessDeniedException')));
  await isTold('role Worker (session schedule) may not lambda:InvokeFunction');
});

it('a crawler: its crawl fails', async () => {
  const { glue } = await clients.lake();
  await glue.send(
    new CreateCrawlerCommand({
      ...{ Name: 'crawler', Role: 'Worker', DatabaseName: 'd' },
      Targets: { S3Targets: [{ Path: 's3://small-bucket/' }] },
    }),
  );
  await glue.send(new StartCrawlerCommand({ Name: 'crawler' }));
  const crawl = async () => (await glue.send(new GetCrawlerCommand({ Name: 'crawler' }))).Crawler;
  await until(async () => (await crawl())?.LastCrawl?.Status === 'FAILED');
  expect((await crawl())?.LastCrawl?.ErrorMessage).toContain(
    'assumed-role/Worker/AWS-Crawler is not authorized to perform: glue:GetDatabase on resource',
  );
});

it('an alarm: the topic does not take its message', async () => {
  const { cloudwatch } = await clients.observation();
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: 'alarm', Namespace: 'n', MetricName: 'm', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1 },
      ...{ Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', AlarmActions: [arn('sns', 'Small-Quiet')] },
    }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'alarm', StateValue: 'ALARM', StateReason: 'test' }));
  const history = async () =>
    (await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'alarm', HistoryItemType: 'Action' })))
      .AlarmHistoryItems ?? [];
  await until(async () => (await history()).length > 0);
  expect((await history())[0]?.HistorySummary).toBe(`Failed to execute action ${arn('sns', 'Small-Quiet')}`);
  await isTold(`cloudwatch.amazonaws.com for ${arn('cloudwatch', 'alarm:alarm')} may not sns:Publish`);
});

it('a topic: a queue takes its messages only if its policy says so', async () => {
  const { sns } = await clients.observation();
  const TopicArn = arn('sns', 'Small-Topic');
  for (const name of ['Open', 'Closed']) {
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn('sqs', `Small-${name}`) }));
  }
  await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
  expect([(await received('Open')).length, (await received('Closed')).length]).toEqual([1, 0]);
  await isTold(`sns.amazonaws.com for ${TopicArn} may not sqs:SendMessage on ${arn('sqs', 'Small-Closed')}`);
});

it('a role that a service may not take is refused where a resource gets it', async () => {
  const create = new CreateDeliveryStreamCommand({
    DeliveryStreamName: 'untrusted',
    ExtendedS3DestinationConfiguration: {
      RoleARN: 'arn:aws:iam::000000000000:role/Functions',
      BucketARN: 'arn:aws:s3:::small-bucket',
    },
  });
  await expect(clients.firehose.send(create)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

it("a client with a role's session has the role's rights, others are administrators", async () => {
  const { Credentials } = await clients.sts.send(
    new AssumeRoleCommand({ RoleArn: worker, RoleSessionName: 'someone' }),
  );
  const key = { endpoint: runtime.endpoint, accessKeyId: Credentials?.AccessKeyId ?? '', maxAttempts: 1 };
  const session = createClients(key);
  const list = new ListObjectsV2Command({ Bucket: 'small-bucket' });
  await expect(session.s3.send(list)).resolves.toMatchObject({ KeyCount: 0 });
  await expect(session.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue('Dead') }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  session.destroy();
});

it('a condition on leading keys decides by the schema of the table', async () => {
  const assume = new AssumeRoleCommand({ RoleArn: worker.replace('Worker', 'Own'), RoleSessionName: 'someone' });
  const { Credentials } = await clients.sts.send(assume);
  const accessKeyId = Credentials?.AccessKeyId ?? '';
  const session = createClients({ endpoint: runtime.endpoint, accessKeyId, maxAttempts: 1 });
  const get = (id: string) =>
    session.dynamodb.send(new GetItemCommand({ TableName: 'Small-Table', Key: { id: { S: id } } }));
  await expect(get('mine')).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  await expect(get('other')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  session.destroy();
});
