import {
  CreateTableCommand,
  DeleteItemCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  CreateBucketCommand,
  DeleteBucketMetricsConfigurationCommand,
  GetBucketMetricsConfigurationCommand,
  GetObjectCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketMetricsConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordedMetrics } from '../cloudwatch/recorded-metrics.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const metrics = new RecordedMetrics();
let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint({ metrics });
});
afterAll(() => aws.stop());

describe('the metrics of a stream', () => {
  it('tell what is put', async () => {
    const { kinesis } = aws.clients;
    await kinesis.send(new CreateStreamCommand({ StreamName: 'tweets', ShardCount: 1 }));
    const Data = Buffer.from('12345678');
    await kinesis.send(new PutRecordCommand({ StreamName: 'tweets', PartitionKey: 'ab', Data }));
    const Records = [1, 2, 3].map(() => ({ PartitionKey: 'ab', Data }));
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/tweets';
    await kinesis.send(new PutRecordsCommand({ StreamARN, Records }));

    expect(metrics.of('AWS/Kinesis', 'IncomingRecords', 'tweets')).toEqual([1, 3]);
    expect(metrics.of('AWS/Kinesis', 'IncomingBytes', 'tweets')).toEqual([10, 30]);
    expect(metrics.of('AWS/Kinesis', 'PutRecords.SuccessfulRecords', 'tweets')).toEqual([3]);
    expect(metrics.of('AWS/Kinesis', 'PutRecords.FailedRecords', 'tweets')).toEqual([0]);
  });
});

describe('the metrics of a table', () => {
  const key = (id: string) => ({ id: { S: id } });
  beforeAll(async () => {
    await aws.clients.dynamodb.send(
      new CreateTableCommand({
        TableName: 'items',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
  });

  it('tell units and the latency of each operation, PartiQL included', async () => {
    const { dynamodb } = aws.clients;
    await dynamodb.send(new PutItemCommand({ TableName: 'items', Item: key('a') }));
    await dynamodb.send(new GetItemCommand({ TableName: 'items', Key: key('a'), ConsistentRead: true }));
    await dynamodb.send(new ExecuteStatementCommand({ Statement: `INSERT INTO "items" VALUE {'id': 'b'}` }));

    expect(metrics.sum('AWS/DynamoDB', 'ConsumedWriteCapacityUnits', 'items')).toBe(2);
    expect(metrics.sum('AWS/DynamoDB', 'ConsumedReadCapacityUnits', 'items')).toBe(1);
    for (const operation of ['PutItem', 'GetItem', 'ExecuteStatement']) {
      expect(metrics.of('AWS/DynamoDB', 'SuccessfulRequestLatency', operation, 'items')).toHaveLength(1);
    }
  });

  it('tell conditions that failed', async () => {
    const ConditionExpression = 'attribute_not_exists(id)';
    await expect(
      aws.clients.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: key('a'), ConditionExpression })),
    ).rejects.toThrow('The conditional request failed');

    expect(metrics.of('AWS/DynamoDB', 'ConditionalCheckFailedRequests', 'items')).toEqual([1]);
    expect(metrics.of('AWS/DynamoDB', 'SuccessfulRequestLatency', 'PutItem', 'items')).toHaveLength(1);
  });

  it('tell items that expired, and not those that are deleted', async () => {
    const { dynamodb } = aws.clients;
    const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: 'items', TimeToLiveSpecification }));
    const expiresAt = { N: String(Math.floor(Date.now() / 1000) - 60) };
    for (const id of ['x', 'y'])
      await dynamodb.send(new PutItemCommand({ TableName: 'items', Item: { ...key(id), expiresAt } }));
    await dynamodb.send(new DeleteItemCommand({ TableName: 'items', Key: key('a') }));
    await aws.dynamodb.sweepTtl();

    expect(metrics.of('AWS/DynamoDB', 'TimeToLiveDeletedItemCount', 'items')).toEqual([2]);
  });
});

describe('the request metrics of a bucket', () => {
  const Bucket = 'archive';
  const metricsOf = (Id: string, Prefix?: string) => ({
    ...{ Bucket, Id },
    MetricsConfiguration: { Id, ...(Prefix !== undefined && { Filter: { Prefix } }) },
  });

  it('count what is below the prefix of a filter', async () => {
    const { s3 } = aws.clients;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketMetricsConfigurationCommand(metricsOf('Quarantine', 'quarantine/')));
    await s3.send(new PutBucketMetricsConfigurationCommand(metricsOf('All')));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'quarantine/a', Body: '12345' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'deleted/a', Body: '123' }));
    await s3.send(new GetObjectCommand({ Bucket, Key: 'deleted/a' }));

    expect(metrics.sum('AWS/S3', 'PutRequests', Bucket, 'Quarantine')).toBe(1);
    expect(metrics.sum('AWS/S3', 'BytesUploaded', Bucket, 'Quarantine')).toBe(5);
    expect(metrics.sum('AWS/S3', 'PutRequests', Bucket, 'All')).toBe(2);
    expect(metrics.sum('AWS/S3', 'BytesDownloaded', Bucket, 'All')).toBe(3);
    expect(metrics.sum('AWS/S3', 'AllRequests', Bucket, 'All')).toBe(3);
  });

  it('have filters that are read, listed and removed', async () => {
    const { s3 } = aws.clients;
    const got = await s3.send(new GetBucketMetricsConfigurationCommand({ Bucket, Id: 'Quarantine' }));
    expect(got.MetricsConfiguration).toEqual({ Id: 'Quarantine', Filter: { Prefix: 'quarantine/' } });
    const listed = await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }));
    expect(listed.MetricsConfigurationList?.map(({ Id }) => Id)).toEqual(['Quarantine', 'All']);
    await s3.send(new DeleteBucketMetricsConfigurationCommand({ Bucket, Id: 'All' }));
    await expect(s3.send(new DeleteBucketMetricsConfigurationCommand({ Bucket, Id: 'All' }))).rejects.toThrow(
      'The specified configuration does not exist',
    );
  });
});

it('measures the messages of queues', async () => {
  const { sqs } = aws.clients;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const Entries = ['1', '2', '3'].map((Id) => ({ Id, MessageBody: 'lost' }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  aws.objects.measureQueues();
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
  aws.objects.measureQueues();

  expect(metrics.of('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'dead')).toEqual([3, 2]);
  expect(metrics.of('AWS/SQS', 'NumberOfMessagesSent', 'dead')).toEqual([3]);
  expect(metrics.of('AWS/SQS', 'NumberOfMessagesReceived', 'dead')).toEqual([1]);
  expect(metrics.of('AWS/SQS', 'NumberOfMessagesDeleted', 'dead')).toEqual([1]);
});
