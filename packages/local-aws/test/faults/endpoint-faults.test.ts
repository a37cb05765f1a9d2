import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  CreateTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { ListStreamsCommand as ListTableStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ListPipesCommand } from '@aws-sdk/client-pipes';
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeHttp2Handler } from '@smithy/node-http-handler';

import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock, systemClock } from '@tweet-pipes/kit/clock';
import { until } from '../../../kit/test/until.ts';
import { createFaults, type Faults } from '../../src/faults/create-faults.ts';
import type { LocalService } from '../../src/gateway/local-service.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:w';

let aws: TestEndpoint;
let faults: Faults;
let worker: AwsClients;
/** Ends the workflow execution that a test holds. */
let finishExecution: () => void = () => {};
let executionsEnded = 0;

const states: LocalService = {
  signingName: 'states',
  operations: {
    StartSyncExecution: async () => {
      await new Promise<void>((resolve) => {
        finishExecution = resolve;
      });
      executionsEnded += 1;
      return { executionArn: 'x', status: 'SUCCEEDED', startDate: new Date(0), stopDate: new Date(0) };
    },
  },
};
const firehose: LocalService = {
  signingName: 'firehose',
  operations: {
    PutRecordBatch: async ({ Records }) => ({
      FailedPutCount: 0,
      Encrypted: false,
      RequestResponses: Array.isArray(Records) ? Records.map((_, n) => ({ RecordId: `r${n}` })) : [],
    }),
  },
};
const idle = (signingName: string): LocalService => ({ signingName, operations: {} });

function under(spec: string, clock = systemClock): void {
  faults?.stop();
  faults = createFaults(spec, { clock, log: () => {} });
  faults.start({ pipes: [], functions: [] });
}

beforeAll(async () => {
  aws = await startTestEndpoint({
    services: [states, firehose, idle('lambda'), idle('pipes'), idle('cloudformation'), idle('sts')],
    intercept: (call, forward) => faults.intercept(call, forward),
  });
  worker = createClients({ endpoint: aws.endpoint, accessKeyId: 'worker', maxAttempts: 1 });
  under('sts.*:cut=0.001%');
  await aws.clients.dynamodb.send(
    new CreateTableCommand({
      TableName: 'readings',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName: 'readings', ShardCount: 1 }));
  await waitUntilStreamExists(
    { client: aws.clients.kinesis, maxWaitTime: 10, minDelay: 1 },
    { StreamName: 'readings' },
  );
  await aws.clients.s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
});
afterAll(async () => {
  worker.destroy();
  await aws.stop();
});

const put = (id: string, clients = aws.clients) =>
  clients.dynamodb.send(new PutItemCommand({ TableName: 'readings', Item: { id: { S: id } } }));
const has = async (id: string): Promise<boolean> =>
  (
    await worker.dynamodb.send(
      new GetItemCommand({ TableName: 'readings', Key: { id: { S: id } }, ConsistentRead: true }),
    )
  ).Item !== undefined;

describe('throttling and server errors', () => {
  const calls: Record<string, () => Promise<unknown>> = {
    'kinesis.PutRecords': () =>
      aws.clients.kinesis.send(
        new PutRecordsCommand({ StreamName: 'readings', Records: [{ PartitionKey: 'a', Data: Buffer.from('a') }] }),
      ),
    'kinesis.ListStreams': () => aws.clients.kinesis.send(new ListStreamsCommand()),
    'dynamodb.PutItem': () => put('refused'),
    'dynamodb.ListStreams': () => aws.clients.dynamodbStreams.send(new ListTableStreamsCommand()),
    'firehose.PutRecordBatch': () =>
      aws.clients.firehose.send(
        new PutRecordBatchCommand({ DeliveryStreamName: 'd', Records: [{ Data: Buffer.from('a') }] }),
      ),
    'lambda.Invoke': () => aws.clients.lambda.send(new InvokeCommand({ FunctionName: 'f' })),
    's3.ListObjectsV2': () => aws.clients.s3.send(new ListObjectsV2Command({ Bucket: 'archive' })),
    's3.HeadObject': () => aws.clients.s3.send(new HeadObjectCommand({ Bucket: 'archive', Key: 'k' })),
    'states.StartSyncExecution': () => aws.clients.sfn.send(new StartSyncExecutionCommand({ stateMachineArn })),
    'pipes.ListPipes': () => aws.clients.pipes.send(new ListPipesCommand()),
    'sqs.ListQueues': () => aws.clients.sqs.send(new ListQueuesCommand()),
    'cloudformation.ListStacks': () => aws.clients.cloudformation.send(new ListStacksCommand()),
    'sts.GetCallerIdentity': () => aws.clients.sts.send(new GetCallerIdentityCommand()),
  };

  it.each([
    ['kinesis.PutRecords', 'throttle', ['ProvisionedThroughputExceededException'], [400]],
    ['kinesis.ListStreams', 'throttle', ['LimitExceededException'], [400]],
    [
      'dynamodb.PutItem',
      'throttle',
      ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'],
      [400],
    ],
    [
      'dynamodb.ListStreams',
      'throttle',
      [
        'LimitExceededException',
        'ProvisionedThroughputExceededException',
        'ThrottlingException',
        'RequestLimitExceeded',
      ],
      [400],
    ],
    ['firehose.PutRecordBatch', 'throttle', ['ServiceUnavailableException'], [503]],
    ['lambda.Invoke', 'throttle', ['TooManyRequestsException'], [429]],
    ['s3.ListObjectsV2', 'throttle', ['SlowDown'], [503]],
    ['states.StartSyncExecution', 'throttle', ['ThrottlingException'], [400]],
    ['pipes.ListPipes', 'throttle', ['ThrottlingException'], [429]],
    ['sqs.ListQueues', 'throttle', ['RequestThrottled'], [403]],
    ['cloudformation.ListStacks', 'throttle', ['Throttling'], [400]],
    ['sts.GetCallerIdentity', 'throttle', ['Throttling'], [400]],
    ['kinesis.PutRecords', 'error', ['InternalFailure', 'ServiceUnavailable'], [500, 503]],
    ['dynamodb.PutItem', 'error', ['InternalServerError', 'ServiceUnavailable'], [500, 503]],
    ['firehose.PutRecordBatch', 'error', ['InternalFailure', 'ServiceUnavailable'], [500, 503]],
    ['lambda.Invoke', 'error', ['ServiceException'], [500]],
    ['s3.ListObjectsV2', 'error', ['InternalError', 'ServiceUnavailable'], [500, 503]],
    // An answer to HEAD has no body, so the SDK knows the status only.
    ['s3.HeadObject', 'error', ['Unknown'], [500, 503]],
    ['states.StartSyncExecution', 'error', ['InternalFailure', 'ServiceUnavailable'], [500, 503]],
    ['pipes.ListPipes', 'error', ['InternalException'], [500]],
    ['sqs.ListQueues', 'error', ['InternalFailure', 'ServiceUnavailable'], [500, 503]],
    ['sts.GetCallerIdentity', 'error', ['InternalFailure', 'ServiceUnavailable'], [500, 503]],
  ])(
    'of %s by %s have the names that AWS gives them, as the SDK understands them',
    async (place, kind, names, statuses) => {
      const seen = new Set<string>();
      for (let seed = 1; seed <= 12; seed += 1) {
        under(`from=everyone,${place}:${kind}=100%,seed=${seed}`);
        const error = await calls[place]?.().then(
          () => new Error('it went through'),
          (thrown: unknown) => thrown,
        );
        expect(error).toMatchObject({ $metadata: { httpStatusCode: expect.any(Number) } });
        const { name, $metadata } = Object(error);
        expect(names).toContain(name);
        expect(statuses).toContain($metadata.httpStatusCode);
        seen.add(name);
      }
      if (names.length < 4) expect([...seen].sort()).toEqual([...names].sort());
    },
  );

  it('have no effect, except late ones', async () => {
    under('from=everyone,dynamodb.PutItem:throttle=100%');
    await expect(put('throttled')).rejects.toThrow();
    under('from=everyone,dynamodb.PutItem:error=100%');
    await expect(put('error')).rejects.toThrow();
    under('from=everyone,dynamodb.PutItem:late-error=100%');
    await expect(put('late')).rejects.toMatchObject({ $metadata: { httpStatusCode: expect.any(Number) } });
    expect([await has('throttled'), await has('error'), await has('late')]).toEqual([false, false, true]);
    expect(faults.counts()).toEqual({ 'late-error': 1 });
  });

  it('go away when the SDK tries again', async () => {
    under('from=everyone,dynamodb.PutItem:throttle=100%x2,s3.PutObject:throttle=100%x2');
    const patient = createClients({ endpoint: aws.endpoint });
    await put('patient', patient);
    await patient.s3.send(new PutObjectCommand({ Bucket: 'archive', Key: 'patient', Body: 'x' }));
    patient.destroy();
    expect(await has('patient')).toBe(true);
    expect(faults.counts()).toEqual({ throttle: 4 });
  });
});

describe('connections', () => {
  it.each([
    ['cut', false],
    ['lose-answer', true],
  ])('that end by %s have had their effect: %p', async (kind, applied) => {
    under(`from=everyone,dynamodb.PutItem:${kind}=100%,s3.PutObject:${kind}=100%`);
    await expect(put(kind)).rejects.toThrow('socket hang up');
    await expect(
      aws.clients.s3.send(new PutObjectCommand({ Bucket: 'archive', Key: kind, Body: 'x' })),
    ).rejects.toThrow('socket hang up');
    expect(await has(kind)).toBe(applied);
    const { KeyCount } = await worker.s3.send(new ListObjectsV2Command({ Bucket: 'archive', Prefix: kind }));
    expect(KeyCount).toBe(applied ? 1 : 0);
    expect(faults.counts()).toEqual({ [kind]: 2 });
  });

  it('over HTTP/2 lose the one call, not those beside it', async () => {
    under('from=everyone,kinesis.PutRecords:lose-answer=100%x1');
    const kinesis = new KinesisClient({
      endpoint: aws.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
      requestHandler: new NodeHttp2Handler(),
    });
    const write = () =>
      kinesis.send(
        new PutRecordsCommand({ StreamName: 'readings', Records: [{ PartitionKey: 'h2', Data: Buffer.from('h2') }] }),
      );
    const results = await Promise.allSettled([write(), kinesis.send(new ListStreamsCommand()), write()]);
    kinesis.destroy();
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    expect(String(lost?.reason)).toContain('NGHTTP2_INTERNAL_ERROR');
    expect(await recordsOf('h2')).toHaveLength(2);
  });

  it('that are abandoned leave the execution running', async () => {
    under('states.StartSyncExecution:abandon=100%x1@0ms');
    const before = executionsEnded;
    await expect(worker.sfn.send(new StartSyncExecutionCommand({ stateMachineArn, input: '{}' }))).rejects.toThrow(
      'socket hang up',
    );
    expect(executionsEnded).toBe(before);
    finishExecution();
    await new Promise((resolve) => setImmediate(resolve));
    expect(executionsEnded).toBe(before + 1);
  });

  it('are held up for as long as the seed says, and not after the end of faults', async () => {
    const clock = new ManualClock();
    under('from=everyone,dynamodb.PutItem:latency=100%@500-900ms', clock);
    const started = clock.now();
    const slow = put('slow').then(() => clock.now() - started);
    await until(() => clock.sleeping > 0);
    await clock.advance(499);
    expect(clock.sleeping).toBe(1);
    await clock.advance(401);
    expect(await slow).toBeLessThanOrEqual(900);
    const held = put('held');
    await until(() => clock.sleeping > 0);
    faults.stop();
    await held;
    await put('free');
    expect(faults.counts()).toEqual({ latency: 2 });
  });
});

describe('partial failures', () => {
  it('of PutRecords have a code in place of a sequence number, and what failed by throttling is not in the stream', async () => {
    under('kinesis.PutRecords:partial=100%,seed=4');
    const names = Array.from({ length: 40 }, (_, n) => `p${n}`);
    const { Records = [], FailedRecordCount } = await aws.clients.kinesis.send(
      new PutRecordsCommand({
        StreamName: 'readings',
        Records: names.map((name) => ({ PartitionKey: 'partial', Data: Buffer.from(name) })),
      }),
    );
    expect(Records).toHaveLength(40);
    const failed = Records.filter(({ ErrorCode }) => ErrorCode !== undefined);
    expect(failed.length).toBe(FailedRecordCount);
    expect(new Set(failed.map(({ ErrorCode }) => ErrorCode))).toEqual(
      new Set(['ProvisionedThroughputExceededException', 'InternalFailure']),
    );
    expect(failed.every(({ SequenceNumber, ErrorMessage }) => SequenceNumber === undefined && ErrorMessage)).toBe(true);
    const stored = new Set(await recordsOf('partial'));
    for (const [n, { ErrorCode }] of Records.entries()) {
      if (ErrorCode === undefined) expect(stored).toContain(names[n]);
      if (ErrorCode === 'ProvisionedThroughputExceededException') expect(stored).not.toContain(names[n]);
    }
  });

  it('of PutRecordBatch have a code in place of a record id', async () => {
    under('from=everyone,firehose.PutRecordBatch:partial=100%');
    const Records = Array.from({ length: 20 }, () => ({ Data: Buffer.from('x') }));
    const answer = await aws.clients.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'd', Records }));
    const failed = answer.RequestResponses?.filter(({ ErrorCode }) => ErrorCode !== undefined) ?? [];
    expect(failed.length).toBe(answer.FailedPutCount);
    expect(answer.RequestResponses).toHaveLength(20);
    expect(
      answer.RequestResponses?.every(
        ({ RecordId, ErrorCode }) => (RecordId === undefined) !== (ErrorCode === undefined),
      ),
    ).toBe(true);
  });

  it('of BatchExecuteStatement have an error for each statement that was not done, and the others are done', async () => {
    under('dynamodb.BatchExecuteStatement:partial=100%,seed=6');
    const ids = Array.from({ length: 25 }, (_, n) => `statement-${n}`);
    const { Responses = [] } = await worker.dynamodb.send(
      new BatchExecuteStatementCommand({
        Statements: ids.map((id) => ({ Statement: `INSERT INTO "readings" VALUE {'id': ?}`, Parameters: [{ S: id }] })),
      }),
    );
    expect(Responses).toHaveLength(25);
    const codes = Responses.map(({ Error: error }) => error?.Code);
    expect(codes.filter((code) => code !== undefined).length).toBeGreaterThan(0);
    const { Items = [] } = await aws.clients.dynamodb.send(
      new ScanCommand({ TableName: 'readings', ConsistentRead: true }),
    );
    const stored = new Set(Items.map(({ id }) => id?.S));
    for (const [n, code] of codes.entries()) {
      if (code !== 'InternalServerError') expect([n, stored.has(ids[n])]).toEqual([n, code === undefined]);
    }
  });

  it('of BatchGetItem leave keys unprocessed, which the next call gets', async () => {
    under('sts.*:cut=0.001%');
    const ids = Array.from({ length: 10 }, (_, n) => `key-${n}`);
    for (const id of ids) await put(id);
    under('dynamodb.BatchGetItem:partial=100%x1');
    const RequestItems = { readings: { Keys: ids.map((id) => ({ id: { S: id } })), ConsistentRead: true } };
    const first = await worker.dynamodb.send(new BatchGetItemCommand({ RequestItems }));
    const left = first.UnprocessedKeys?.readings;
    expect(left?.ConsistentRead).toBe(true);
    expect(left?.Keys?.length).toBeGreaterThan(0);
    const second = await worker.dynamodb.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys ?? {} }));
    const found = [...(first.Responses?.readings ?? []), ...(second.Responses?.readings ?? [])].map(({ id }) => id?.S);
    expect(found.sort()).toEqual(ids);
  });

  it('of BatchGetItem with a single key are a refusal', async () => {
    under('dynamodb.BatchGetItem:partial=100%');
    const RequestItems = { readings: { Keys: [{ id: { S: 'x' } }] } };
    await expect(worker.dynamodb.send(new BatchGetItemCommand({ RequestItems }))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });

  it('of TransactWriteItems cancel the whole transaction, with a reason for each item', async () => {
    under('dynamodb.TransactWriteItems:partial=100%');
    const TransactItems = ['t0', 't1', 't2'].map((id) => ({ Put: { TableName: 'readings', Item: { id: { S: id } } } }));
    const error = await worker.dynamodb
      .send(new TransactWriteItemsCommand({ TransactItems }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    const { CancellationReasons: reasons = [], message } = Object(error);
    expect(reasons).toHaveLength(3);
    for (const { Code } of reasons)
      expect(Code).toMatch(/^(None|TransactionConflict|ThrottlingError|ProvisionedThroughputExceeded)$/);
    expect(message).toContain(`[${reasons.map(({ Code }: { Code: string }) => Code).join(', ')}]`);
    expect([await has('t0'), await has('t1'), await has('t2')]).toEqual([false, false, false]);
    expect(faults.counts()).toEqual({ partial: 1 });
  });
});

describe('whom faults hit', () => {
  const list = (clients: AwsClients): Promise<string> =>
    clients.dynamodb.send(new ListTablesCommand()).then(
      () => 'answered',
      () => 'failed',
    );

  it.each([
    ['workers', '', ['failed', 'answered', 'answered']],
    ['users', 'from=users,', ['answered', 'failed', 'failed']],
    ['everyone', 'from=everyone,', ['failed', 'failed', 'failed']],
    ['one key', 'from=key:feeder,', ['answered', 'answered', 'failed']],
  ])('%s', async (_who, from, expected) => {
    const feeder = createClients({ endpoint: aws.endpoint, accessKeyId: 'feeder', maxAttempts: 1 });
    under(`${from}*.*:error=100%`);
    expect([await list(worker), await list(aws.clients), await list(feeder)]).toEqual(expected);
    feeder.destroy();
  });

  it('only the service and operation that are named', async () => {
    under('from=everyone,dynamodb.List*:error=100%,kinesis.*:error=100%');
    expect(await list(worker)).toBe('failed');
    await put('unharmed');
    await worker.s3.send(new ListObjectsV2Command({ Bucket: 'archive' }));
    await expect(worker.kinesis.send(new ListStreamsCommand())).rejects.toThrow();
  });
});

/** What is in the stream under a partition key. */
async function recordsOf(key: string): Promise<string[]> {
  const { ShardIterator } = await worker.kinesis.send(
    new GetShardIteratorCommand({
      StreamName: 'readings',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records = [] } = await worker.kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.filter(({ PartitionKey }) => PartitionKey === key).map(({ Data }) =>
    Buffer.from(Data ?? '').toString(),
  );
}
