import { describe, expect, it } from '@jest/globals';
import { throttleMetrics } from '../../src/cloudwatch/throttle-metrics.ts';
import { AwsError } from '../../src/gateway/aws-error.ts';
import { RecordedMetrics } from './recorded-metrics.ts';

interface Case {
  what: string;
  service: string;
  operation: string;
  input: object;
  url?: string;
  /** The body of an answer with status 200 or 400, or an error that is thrown. */
  answer: { statusCode: number; body: object } | AwsError;
  metric: string[];
  value: number;
}

const records = { Records: [{}, {}, {}] };
const throttling = (name: string) => ({ statusCode: 400, body: { __type: `com.amazonaws#${name}`, message: '' } });

const cases: Case[] = [
  {
    what: 'records that a shard refuses',
    service: 'kinesis',
    operation: 'PutRecords',
    input: { StreamName: 'tweets', ...records },
    answer: {
      statusCode: 200,
      body: { Records: [{ ErrorCode: 'ProvisionedThroughputExceededException' }, { SequenceNumber: '1' }, {}] },
    },
    metric: ['AWS/Kinesis', 'WriteProvisionedThroughputExceeded', 'tweets'],
    value: 1,
  },
  {
    what: 'a call that a shard refuses',
    service: 'kinesis',
    operation: 'PutRecord',
    input: { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/tweets' },
    answer: new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded'),
    metric: ['AWS/Kinesis', 'WriteProvisionedThroughputExceeded', 'tweets'],
    value: 1,
  },
  {
    what: 'records that Firehose refuses',
    service: 'firehose',
    operation: 'PutRecordBatch',
    input: { DeliveryStreamName: 'rows', ...records },
    answer: new AwsError('LimitExceededException', 'Slow down'),
    metric: ['AWS/Firehose', 'ThrottledRecords', 'rows'],
    value: 3,
  },
  {
    what: 'a hot item',
    service: 'dynamodb',
    operation: 'UpdateItem',
    input: { TableName: 'hashtags' },
    answer: {
      statusCode: 400,
      body: {
        __type: 'x#ThrottlingException',
        throttlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded' }],
      },
    },
    metric: ['AWS/DynamoDB', 'WriteKeyRangeThroughputThrottleEvents', 'hashtags'],
    value: 1,
  },
  {
    what: 'statements of a batch',
    service: 'dynamodb',
    operation: 'BatchExecuteStatement',
    input: { Statements: [] },
    answer: {
      statusCode: 200,
      body: { Responses: [{ TableName: 'tweets', Error: { Code: 'ThrottlingError' } }, { TableName: 'tweets' }] },
    },
    metric: ['AWS/DynamoDB', 'WriteThrottleEvents', 'tweets'],
    value: 1,
  },
  {
    what: 'reads of a batch',
    service: 'dynamodb',
    operation: 'BatchGetItem',
    input: { RequestItems: { deletions: {} } },
    answer: throttling('ProvisionedThroughputExceededException'),
    metric: ['AWS/DynamoDB', 'ReadThrottleEvents', 'deletions'],
    value: 1,
  },
  {
    what: 'an invocation',
    service: 'lambda',
    operation: 'Invoke',
    input: {},
    url: '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A0%3Afunction%3Aflatten/invocations',
    answer: new AwsError('TooManyRequestsException', 'Rate exceeded', { statusCode: 429 }),
    metric: ['AWS/Lambda', 'Throttles', 'flatten'],
    value: 1,
  },
  {
    what: 'no call that succeeds',
    service: 'kinesis',
    operation: 'PutRecords',
    input: { StreamName: 'tweets', ...records },
    answer: { statusCode: 200, body: { Records: [{}, {}, {}] } },
    metric: ['AWS/Kinesis', 'WriteProvisionedThroughputExceeded', 'tweets'],
    value: 0,
  },
];

describe('throttle metrics', () => {
  it.each(cases)('count $what', async ({ service, operation, input, url = '/', answer, metric, value }) => {
    const metrics = new RecordedMetrics();
    const body = Buffer.from(JSON.stringify(input));
    const call = {
      ...{ service, operation },
      request: { method: 'POST', url, headers: {}, body },
      context: { region: 'us-east-1', accountId: '000000000000', requestId: '1', accessKeyId: 'test' },
    };
    const answered = throttleMetrics(metrics)(call, async () => {
      if (answer instanceof AwsError) throw answer;
      return { statusCode: answer.statusCode, headers: {}, body: Buffer.from(JSON.stringify(answer.body)) };
    });

    if (answer instanceof AwsError) await expect(answered).rejects.toBe(answer);
    else expect((await answered).statusCode).toBe(answer.statusCode);
    expect(metrics.sum(...metric)).toBe(value);
  });
});
