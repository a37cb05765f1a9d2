import { expect, it } from '@jest/globals';
import { createStreamWrites } from '../src/stream-writes.ts';

it.each([
  ['kinesis', 'PutRecords', [1, 0]],
  ['kinesis', 'SplitShard', [1, 0]],
  ['kinesis', 'GetRecords', [0, 0]],
  ['kinesis', 'ListShards', [0, 0]],
  ['dynamodb', 'UpdateItem', [0, 1]],
  ['dynamodb', 'ExecuteStatement', [0, 1]],
  ['dynamodb', 'GetRecords', [0, 0]],
  ['dynamodb', 'DescribeStream', [0, 0]],
  ['dynamodb', 'BatchGetItem', [0, 0]],
  ['s3', 'PutObject', [0, 0]],
])(
  'the writes count %s %s as [kinesis, dynamodb] %j, when it was answered or failed',
  async (service, operation, counts) => {
    const writes = createStreamWrites();
    const request = { method: 'POST', url: '/', headers: {}, body: Buffer.alloc(0) };
    const context = { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'local' };
    const seen = () => [writes.kinesis.count, writes.dynamodb.count];
    const call = { service, operation, request, context };
    await writes.intercept(call, async () => {
      expect(seen()).toEqual([0, 0]);
      return { statusCode: 200, headers: {}, body: Buffer.alloc(0) };
    });
    expect(seen()).toEqual(counts);
    const refused = new Error('refused');
    await expect(writes.intercept(call, () => Promise.reject(refused))).rejects.toBe(refused);
    expect(seen()).toEqual(counts.map((count) => 2 * count));
  },
);
