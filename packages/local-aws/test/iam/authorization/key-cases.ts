import type { Given } from './requests.ts';

/** A call, and what it asks of the key of its bucket `b`, queue `Q`, topic `N`, stream `S` or table `T`. */
export interface KeyCase {
  readonly call: string;
  readonly what: string;
  readonly given: Given;
  readonly asks: readonly string[];
  /** Id of a key that the request names. Default: that of the resource. */
  readonly key?: string;
  readonly source: string;
}

const s3 = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html';
const headers = 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html';
const multipart = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions';
const head = 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html';
const sqs = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html';
const sns = 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html';
const kinesis = 'https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html';
const dynamodb = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html';
const tableWrites = 'https://github.com/aws/aws-cdk/issues/10010';
const tableStreams = 'https://github.com/aws/aws-cdk/issues/22796';

const DECRYPT = ['kms:Decrypt'];
const GENERATE = ['kms:GenerateDataKey'];
const BOTH = [...GENERATE, ...DECRYPT];

const queue = { json: { QueueUrl: 'http://x/0/Q' } };
const topic = 'arn:aws:sns:us-east-1:000000000000:N';
const stream = { json: { StreamName: 'S' } };
const consumer = 'arn:aws:kinesis:us-east-1:000000000000:stream/S/consumer/c:1';
const tableStream = 'arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026-11-29T00:00:00.000';
const iterator = Buffer.from(JSON.stringify({ table_name: 'T' })).toString('base64');
const put = (given: Readonly<Record<string, string>>): Given => ({
  http: 'PUT /b/k',
  headers: Object.fromEntries(Object.entries(given).map(([name, value]) => [`x-amz-server-side-${name}`, value])),
});
const copy = { http: 'PUT /b/k', headers: { 'x-amz-copy-source': '/b/other' } };

/** In rows: a call, what is special, the request, what it asks, where AWS says so. */
const rows: [call: string, what: string, given: Given, asks: readonly string[], source: string, key?: string][] = [
  ['s3.PutObject', '', put({}), GENERATE, s3],
  ['s3.PutObject', 'with a key of AWS', put({ encryption: 'aws:kms' }), [], headers],
  ['s3.PutObject', 'with keys of S3', put({ encryption: 'AES256' }), [], headers],
  [
    's3.PutObject',
    'with another key',
    put({ encryption: 'aws:kms', 'encryption-aws-kms-key-id': 'k2' }),
    ...([GENERATE, headers, 'k2'] as const),
  ],
  [
    's3.PutObject',
    'with an alias of AWS',
    put({ encryption: 'aws:kms', 'encryption-aws-kms-key-id': 'alias/aws/s3' }),
    ...([[], headers] as const),
  ],
  ['s3.GetObject', '', { http: 'GET /b/k' }, DECRYPT, s3],
  ['s3.GetObject', 'of a version', { http: 'GET /b/k?versionId=1' }, DECRYPT, s3],
  ['s3.HeadObject', '', { http: 'HEAD /b/k' }, [], head],
  [
    's3.HeadObject',
    'with checksum',
    { http: 'HEAD /b/k', headers: { 'x-amz-checksum-mode': 'ENABLED' } },
    DECRYPT,
    head,
  ],
  ['s3.CopyObject', '', copy, ['kms:Decrypt', 'kms:GenerateDataKey'], s3],
  ['s3.CreateMultipartUpload', '', { http: 'POST /b/k?uploads' }, BOTH, multipart],
  ['s3.UploadPart', '', { http: 'PUT /b/k?partNumber=1&uploadId=u' }, [], multipart],
  ['s3.UploadPartCopy', '', { ...copy, http: 'PUT /b/k?partNumber=1&uploadId=u' }, DECRYPT, multipart],
  ['s3.ListObjectsV2', '', { http: 'GET /b?list-type=2' }, [], s3],
  ['s3.DeleteObject', '', { http: 'DELETE /b/k' }, [], s3],
  ['sqs.SendMessage', '', queue, BOTH, sqs],
  ['sqs.SendMessageBatch', '', queue, BOTH, sqs],
  ['sqs.ReceiveMessage', '', queue, DECRYPT, sqs],
  ['sqs.DeleteMessage', '', queue, [], sqs],
  ['sns.Publish', '', { query: { Action: 'Publish', TopicArn: topic } }, BOTH, sns],
  ['sns.PublishBatch', '', { query: { Action: 'PublishBatch', TopicArn: topic } }, BOTH, sns],
  ['sns.Subscribe', '', { query: { Action: 'Subscribe', TopicArn: topic } }, [], sns],
  ['kinesis.PutRecord', '', stream, GENERATE, kinesis],
  ['kinesis.PutRecords', '', stream, GENERATE, kinesis],
  ['kinesis.GetRecords', '', stream, DECRYPT, kinesis],
  ['kinesis.SubscribeToShard', '', { json: { ConsumerARN: consumer } }, DECRYPT, kinesis],
  ['kinesis.DescribeStreamSummary', '', stream, [], kinesis],
  ['dynamodb.GetItem', '', { json: { TableName: 'T' } }, DECRYPT, dynamodb],
  ['dynamodb.PutItem', '', { json: { TableName: 'T' } }, DECRYPT, tableWrites],
  ['dynamodb.BatchWriteItem', '', { json: { RequestItems: { T: [], U: [] } } }, DECRYPT, tableWrites],
  [
    'dynamodb.TransactWriteItems',
    '',
    { json: { TransactItems: [{ Delete: { TableName: 'T' } }] } },
    DECRYPT,
    tableWrites,
  ],
  ['dynamodb.Query', 'of an index', { json: { TableName: 'T', IndexName: 'i' } }, DECRYPT, dynamodb],
  ['dynamodb.ExecuteStatement', '', { json: { Statement: 'SELECT * FROM "T"' } }, DECRYPT, dynamodb],
  ['dynamodb.GetRecords', '', { json: { ShardIterator: iterator } }, DECRYPT, tableStreams],
  ['dynamodb.DescribeStream', '', { json: { StreamArn: tableStream } }, [], tableStreams],
  ['dynamodb.DescribeTable', '', { json: { TableName: 'T' } }, [], dynamodb],
];

export const keyCases: readonly KeyCase[] = rows.map(([call, what, given, asks, source, key]) => ({
  ...{ call, what, given, asks, source },
  ...(key !== undefined && { key }),
}));
