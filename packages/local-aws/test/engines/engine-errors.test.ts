import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

let aws: TestEndpoint;
let queueUrl: string | undefined;
beforeAll(async () => {
  aws = await startTestEndpoint({ log: () => {} });
  await aws.clients.s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  queueUrl = (await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))).QueueUrl;
});
afterAll(() => aws.stop());

interface Sent {
  service: 's3' | 'sqs' | 'dynamodb';
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

async function send({ service, method = 'POST', path = '/', headers, body = '' }: Sent) {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
  const response = await fetch(`${aws.endpoint}${path}`, {
    method,
    headers: { authorization, ...headers },
    ...(method === 'HEAD' ? {} : { body: new Uint8Array(Buffer.from(body)) }),
  });
  return { status: response.status, text: await response.text() };
}
const put = (path: string, headers: Record<string, string> = {}): Sent => ({
  service: 's3',
  method: 'PUT',
  path,
  headers,
  body: 'x',
});
const sqs = (operation: string, body: string): Sent => ({
  service: 'sqs',
  headers: { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
  body,
});
const dynamodb = (body: string | Buffer): Sent => ({
  service: 'dynamodb',
  headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem', 'content-type': 'application/x-amz-json-1.0' },
  body,
});

describe('what an engine would answer in its own words', () => {
  it.each<[string, () => Sent, number, string]>([
    ['a path that is badly encoded', () => put('/bucket/%E0%A4%A'), 400, 'InvalidURI'],
    ['a bucket that is badly encoded', () => put('/b%/key'), 400, 'InvalidURI'],
    ['bytes that are no UTF-8 in a key', () => put('/bucket/%ff%fe'), 400, 'InvalidURI'],
    ['a key that is too long', () => put(`/bucket/${'k'.repeat(1_025)}`), 400, 'KeyTooLongError'],
    ['a version', () => ({ service: 's3', method: 'DELETE', path: '/bucket/k?versionId=3' }), 400, 'InvalidArgument'],
    ['a queue body that is no JSON', () => sqs('SendMessage', '{'), 400, 'SerializationException'],
    ['a queue body that is no object', () => sqs('SendMessage', 'null'), 400, 'SerializationException'],
    [
      'a queue body that is too large',
      () => sqs('SendMessage', JSON.stringify({ QueueUrl: queueUrl, MessageBody: 'x'.repeat(12_000_000) })),
      400,
      'EntityTooLarge',
    ],
    ['a table body that is too large', () => dynamodb('x'.repeat(16_777_217)), 400, 'ValidationException'],
    ['a table body that is no UTF-8', () => dynamodb(Buffer.from([0xff, 0xfe])), 400, 'SerializationException'],
  ])('has a name of AWS for %s', async (_case, request, status, name) => {
    const answer = await send(request());
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(new RegExp(`"__type":"${name}"|<Code>${name}</Code>`));
    expect(answer.text).not.toMatch(/FST_|fauxqs|length limit exceeded/);
  });

  it.each(['', ';;;', 'x', 'multipart/form-data', 'application/json'])(
    'takes an object of the content type %j',
    async (type) => {
      expect(await send(put('/bucket/typed', { 'content-type': type }))).toMatchObject({ status: 200 });
      expect(await send({ service: 's3', method: 'HEAD', path: '/bucket/typed' })).toMatchObject({ status: 200 });
    },
  );
});
