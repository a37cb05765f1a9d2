import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateTableCommand, DeleteItemCommand, DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import {
  CreatePipeCommand,
  type CreatePipeRequest,
  DeletePipeCommand,
  DescribePipeCommand,
  ListPipesCommand,
  ListTagsForResourceCommand,
  StartPipeCommand,
  StopPipeCommand,
} from '@aws-sdk/client-pipes';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { strToU8, zipSync } from 'fflate';
import { until as eventually } from '../../../kit/test/until.ts';
import { createFirehoseService } from '../../src/firehose/service.ts';
import type { LocalService } from '../../src/gateway/local-service.ts';
import { createLambdaService } from '../../src/lambda/service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { redelivery } from '../../src/pipes/redelivery.ts';
import { createPipesService, type PipesService } from '../../src/pipes/service.ts';
import { dynamoDbRecord } from '../../src/pipes/sources/dynamodb-stream-source.ts';
import { createStatesService } from '../../src/states/service.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/pipe`;
const queueArn = `arn:aws:sqs:us-east-1:${account}:dead-letters`;
const eventBusArn = `arn:aws:events:us-east-1:${account}:event-bus/default`;
const streamArn = `arn:aws:kinesis:us-east-1:${account}:stream/readings`;

let aws: TestEndpoint;
let pipes: PipesService;
let dataFolder: string;
let stateMachineArn: string;
/** Inputs of the workflow's executions, in order. */
const executions: { n: unknown; id: string }[][] = [];
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'pipes-gateway-'));
  const options = {
    clients: () => aws.clients,
    clock: systemClock,
    random: systemRandom,
    dataFolder,
    region: 'us-east-1',
    accountId: account,
    meter: unmetered,
  };
  const states = createStatesService(options);
  const firehose = createFirehoseService({
    ...options,
    functions: () => aws.clients.lambda,
    maxBufferIntervalSeconds: 1,
  });
  const lambda = createLambdaService({ ...options, endpoint: () => aws.endpoint });
  pipes = createPipesService(options);
  aws = await startTestEndpoint({ dataFolder, services: [watched(states), firehose, lambda, pipes] });
  ends.push(() => aws.stop());
  for (const part of [firehose, lambda, states, pipes]) {
    await part.start();
    ends.push(() => part.stop());
  }
  await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));
  await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName: 'readings', ShardCount: 1 }));
  await active('readings');
  const created = await aws.clients.sfn.send(
    new CreateStateMachineCommand({ name: 'ingest', type: 'EXPRESS', roleArn, definition: JSON.stringify(workflow) }),
  );
  stateMachineArn = created.stateMachineArn ?? '';
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await rm(dataFolder, { recursive: true });
});

/** Fails on a batch that holds `poison`. */
const workflow = {
  QueryLanguage: 'JSONata',
  StartAt: 'Look',
  States: {
    Look: {
      Type: 'Choice',
      Choices: [{ Condition: "{% 'poison' in $states.input.n %}", Next: 'Refuse' }],
      Default: 'Accept',
    },
    Refuse: { Type: 'Fail', Error: 'Poison', Cause: 'a record is poison' },
    Accept: { Type: 'Succeed', Output: { batchItemFailures: [] } },
  },
};

function watched(states: LocalService): LocalService {
  const run = states.operations.StartSyncExecution;
  if (run === undefined) throw new Error('states has no StartSyncExecution');
  const StartSyncExecution: typeof run = async (input, context) => {
    executions.push(JSON.parse(String(input.input)));
    return run(input, context);
  };
  return { signingName: states.signingName, operations: { ...states.operations, StartSyncExecution } };
}

function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const pending = async () => `${what}; pending: ${JSON.stringify(await pipes.pending())}`;
  return eventually(condition, { what: pending, everyMs: 20 });
}

async function active(StreamName: string): Promise<void> {
  await until(`${StreamName} is active`, async () => {
    const { StreamDescriptionSummary } = await aws.clients.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    return StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
  });
}

async function createPipe(input: Omit<CreatePipeRequest, 'RoleArn'>): Promise<void> {
  await aws.clients.pipes.send(new CreatePipeCommand({ ...input, RoleArn: roleArn }));
  await reaches(input.Name ?? '', 'RUNNING');
}

async function reaches(Name: string, state: string): Promise<void> {
  await until(`${Name} is ${state}`, async () => {
    const { CurrentState, StateReason } = await aws.clients.pipes.send(new DescribePipeCommand({ Name }));
    if (CurrentState === 'CREATE_FAILED') throw new Error(StateReason);
    return CurrentState === state;
  });
}

async function put(n: unknown, PartitionKey = 'k'): Promise<string> {
  const Data =
    typeof n === 'string' && n.startsWith('raw:') ? Buffer.from(n.slice(4)) : Buffer.from(JSON.stringify({ n }));
  const answer = await aws.clients.kinesis.send(new PutRecordCommand({ StreamName: 'readings', PartitionKey, Data }));
  return `${answer.ShardId}:${answer.SequenceNumber}`;
}

const idle = () => until('idle', async () => (await pipes.pending()).length === 0);
const received = () => executions.map((batch) => batch.map(({ n }) => n));

const ingest: Omit<CreatePipeRequest, 'RoleArn' | 'Target'> = {
  Name: 'ingest',
  Source: streamArn,
  SourceParameters: {
    KinesisStreamParameters: {
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 4,
      OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
      MaximumRetryAttempts: 1,
      MaximumRecordAgeInSeconds: 3600,
      DeadLetterConfig: { Arn: queueArn },
    },
  },
  TargetParameters: {
    InputTemplate: '{"id": <$.eventID>, "n": <$.data.n>}',
    StepFunctionStateMachineParameters: { InvocationType: 'REQUEST_RESPONSE' },
  },
};

describe('a pipe from Kinesis to an Express workflow, over the wire', () => {
  it('bisects to the poison record and points at it in the dead-letter queue', async () => {
    const ids: string[] = [];
    for (const n of [1, 2, 'poison', 4, 5]) ids.push(await put(n));
    await createPipe({ ...ingest, Target: stateMachineArn });
    await idle();
    expect(received()).toEqual([[1, 2, 'poison', 4], [1, 2], ['poison', 4], ['poison'], ['poison'], [4], [5]]);
    expect(executions[0]?.map(({ id }) => id)).toEqual(ids.slice(0, 4));
    const { Messages } = await aws.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: `${aws.endpoint}/${account}/dead-letters`, MaxNumberOfMessages: 10 }),
    );
    expect(Messages).toHaveLength(1);
    expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({
      context: { condition: 'RetryAttemptsExhausted' },
      KinesisBatchInfo: { startSequenceNumber: ids[2]?.split(':')[1], batchSize: 1, streamArn },
    });
  });

  it('stops, starts behind its checkpoint, and goes through a split in order', async () => {
    executions.length = 0;
    await aws.clients.pipes.send(new StopPipeCommand({ Name: 'ingest' }));
    await reaches('ingest', 'STOPPED');
    await put(6);
    await aws.clients.kinesis.send(
      new SplitShardCommand({
        StreamName: 'readings',
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await active('readings');
    for (let n = 7; n < 17; n += 1) await put(n, `key-${n}`);
    await aws.clients.pipes.send(new StartPipeCommand({ Name: 'ingest' }));
    await reaches('ingest', 'RUNNING');
    await idle();
    expect(received().flat()[0]).toBe(6);
    expect(
      received()
        .flat()
        .slice(1)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    const shards = new Map<string, number[]>();
    for (const { id, n } of executions.flat()) {
      const shard = id.split(':')[0] ?? '';
      shards.set(shard, [...(shards.get(shard) ?? []), Number(n)]);
    }
    expect(shards.size).toBe(3);
    for (const order of shards.values()) expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('keeps up with a stream that is written while it reads', async () => {
    executions.length = 0;
    const sent = Array.from({ length: 300 }, (_, i) => i);
    for (const n of sent) await put(n, `key-${n}`);
    await idle();
    expect(
      received()
        .flat()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(sent);
  });
});

describe('a pipe from a DynamoDB stream through a Lambda function to Firehose, over the wire', () => {
  it('delivers the removals that its filter keeps', async () => {
    const { dynamodb, lambda, firehose, s3 } = aws.clients;
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'readings',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'readings' }));
    const code =
      'export const handler = async (events) => events.map(({ eventID, eventVersion, eventSourceARN, dynamodb }) => ({ eventID, eventVersion, eventSourceARN, id: dynamodb.OldImage.id.S, bytes: dynamodb.OldImage.b.B }));';
    const { FunctionArn } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'flatten',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: roleArn,
        Code: { ZipFile: zipSync({ 'index.mjs': strToU8(code) }) },
      }),
    );
    await s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
    const { DeliveryStreamARN } = await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: 'archive',
        DeliveryStreamType: 'DirectPut',
        ExtendedS3DestinationConfiguration: {
          BucketARN: 'arn:aws:s3:::archive',
          RoleARN: roleArn,
          CompressionFormat: 'GZIP',
          BufferingHints: { IntervalInSeconds: 1, SizeInMBs: 1 },
          ProcessingConfiguration: {
            Enabled: true,
            Processors: [
              { Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] },
            ],
          },
        },
      }),
    );
    await createPipe({
      Name: 'archive',
      Source: Table?.LatestStreamArn,
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }] },
        DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON', BatchSize: 10 },
      },
      Enrichment: FunctionArn,
      Target: DeliveryStreamARN,
    });
    for (const id of ['a', 'b', 'c']) {
      await dynamodb.send(
        new PutItemCommand({ TableName: 'readings', Item: { id: { S: id }, b: { B: Uint8Array.of(1, 2, 3) } } }),
      );
    }
    for (const id of ['a', 'c'])
      await dynamodb.send(new DeleteItemCommand({ TableName: 'readings', Key: { id: { S: id } } }));
    await idle();
    const rows: string[] = [];
    await until('rows are in the archive', async () => {
      rows.length = 0;
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'archive' }));
      for (const { Key } of Contents ?? []) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'archive', Key }));
        rows.push(
          ...gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array())
            .toString()
            .trim()
            .split('\n'),
        );
      }
      return rows.length === 2;
    });
    expect(rows.map((row) => JSON.parse(row))).toEqual(
      ['a', 'c'].map((id) => ({
        eventID: expect.any(String),
        eventVersion: '1.1',
        eventSourceARN: Table?.LatestStreamArn,
        id,
        bytes: 'AQID',
      })),
    );
  });
});

describe('a pipe from a DynamoDB stream to a Kinesis stream, over the wire', () => {
  /** Partition key and text of each record. */
  async function changesInStream(): Promise<[string, string][]> {
    const { kinesis } = aws.clients;
    const shard = { StreamName: 'changes', ShardId: 'shardId-000000000000' };
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ PartitionKey = '', Data }) => [PartitionKey, Buffer.from(Data ?? []).toString()]);
  }

  it('puts each change under the key of its item, those of one item in order', async () => {
    const { dynamodb, kinesis } = aws.clients;
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'orderid', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'orderid', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
    );
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'orders' }));
    await kinesis.send(new CreateStreamCommand({ StreamName: 'changes', ShardCount: 1 }));
    await active('changes');
    const unitsBefore = aws.meter.stack.kinesisPutUnits;
    await createPipe({
      Name: 'changes',
      Source: Table?.LatestStreamArn,
      SourceParameters: { DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON', BatchSize: 500 } },
      Target: `arn:aws:kinesis:us-east-1:${account}:stream/changes`,
      TargetParameters: {
        InputTemplate: '{"change": <$.eventName>, "id": <$.dynamodb.Keys.orderid.S>, "n": <$.dynamodb.NewImage.n.N>}',
        KinesisStreamParameters: { PartitionKey: '$.dynamodb.Keys.orderid.S' },
      },
    });
    const expected: Record<string, string[]> = { a: [], b: [], c: [] };
    const note = (id: string, change: string, n?: number) =>
      expected[id]?.push(JSON.stringify({ change, id, ...(n === undefined ? {} : { n: String(n) }) }));
    for (let n = 0; n < 30; n += 1) {
      const id = ['a', 'b', 'c'][n % 3] ?? '';
      await dynamodb.send(
        new PutItemCommand({ TableName: 'orders', Item: { orderid: { S: id }, n: { N: String(n) } } }),
      );
      note(id, n < 3 ? 'INSERT' : 'MODIFY', n);
    }
    await dynamodb.send(new DeleteItemCommand({ TableName: 'orders', Key: { orderid: { S: 'b' } } }));
    note('b', 'REMOVE');
    await idle();
    const written: Record<string, string[]> = {};
    for (const [key, text] of await changesInStream()) written[key] = [...(written[key] ?? []), text];
    expect(written).toEqual(expected);
    expect(aws.meter.stack.kinesisPutUnits - unitsBefore).toBe(31);
  });

  it('puts what it gave up once more, by its own definition', async () => {
    const described = await aws.clients.pipes.send(new DescribePipeCommand({ Name: 'changes' }));
    const { filter, batchSize, deliver } = redelivery(described, {
      clients: aws.clients,
      clock: systemClock,
      random: systemRandom,
    });
    const change = { Keys: { orderid: { S: 'd' } }, NewImage: { n: { N: '31' } }, SequenceNumber: '1' };
    const record = dynamoDbRecord({ eventID: '1', eventName: 'INSERT', dynamodb: change }, { arn: '', region: '' });
    expect([filter(record), batchSize]).toEqual([true, 500]);
    await deliver([record], new AbortController().signal);
    expect((await changesInStream()).at(-1)).toEqual(['d', '{"change":"INSERT","id":"d","n":"31"}']);
  });
});

describe('the API over the wire', () => {
  it('lists, describes, deletes, and refuses what it does not do', async () => {
    const { Pipes } = await aws.clients.pipes.send(new ListPipesCommand({ SourcePrefix: streamArn }));
    expect(Pipes?.map(({ Name }) => Name)).toEqual(['ingest']);
    const described = await aws.clients.pipes.send(new DescribePipeCommand({ Name: 'ingest' }));
    expect(described).toMatchObject({ Source: streamArn, CurrentState: 'RUNNING', CreationTime: expect.any(Date) });
    const tags = await aws.clients.pipes.send(new ListTagsForResourceCommand({ resourceArn: described.Arn }));
    expect(tags.tags).toEqual({});
    await expect(
      createPipe({ ...ingest, Name: 'bus', Target: eventBusArn, TargetParameters: {} }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("'Target'"),
    });
    await aws.clients.pipes.send(new DeletePipeCommand({ Name: 'ingest' }));
    await until('it is gone', () =>
      aws.clients.pipes.send(new DescribePipeCommand({ Name: 'ingest' })).then(
        () => false,
        (error: unknown) => error instanceof Error && error.name === 'NotFoundException',
      ),
    );
  });
});
