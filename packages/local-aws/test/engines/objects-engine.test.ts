import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const Bucket = 'archive';

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint({ region: 'eu-west-1' });
  await aws.clients.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => aws.stop());

const put = (Key: string, Body: PutObjectCommandInput['Body'], more: Partial<PutObjectCommandInput> = {}) =>
  aws.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Key: string): Promise<string | undefined> =>
  (await aws.clients.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

describe('S3 objects', () => {
  it.each([
    'a/b',
    'ж/日本 🦋',
    'a b+c&d=e?f#g%25',
    'a//b',
    '/a',
    'trailing/',
    "it's (a) *test*!",
    'x'.repeat(1_024),
    'é',
    'health',
  ])('keep the key %j', async (key) => {
    const before = (await aws.clients.s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount ?? 0;
    await put(key, `body of ${key}`);
    expect(await text(key)).toBe(`body of ${key}`);
    const listed = await aws.clients.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.map(({ Key }) => Key)).toContain(key);
    expect(listed.KeyCount).toBe(before + 1);
  });

  it('keep every byte, type and metadata, and their checksum', async () => {
    const body = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
    const more = {
      ContentType: 'application/x-ndjson',
      ContentEncoding: 'gzip',
      Metadata: { source: 'test' },
      CacheControl: 'no-store',
    };
    const stored = await put('bytes', body, more);
    const read = await aws.clients.s3.send(new GetObjectCommand({ Bucket, Key: 'bytes', ChecksumMode: 'ENABLED' }));
    expect(body.equals((await read.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    expect(read).toMatchObject({
      ...more,
      ETag: stored.ETag,
      ContentLength: body.length,
      ChecksumCRC32: stored.ChecksumCRC32,
    });
    const part = await aws.clients.s3.send(new GetObjectCommand({ Bucket, Key: 'bytes', Range: 'bytes=10-19' }));
    expect(Buffer.from((await part.Body?.transformToByteArray()) ?? [])).toEqual(body.subarray(10, 20));
  });

  it('arrive whole as a stream of unknown checksum and as nothing at all', async () => {
    await put('streamed', Readable.from([Buffer.from('one '), Buffer.from('two')]), { ContentLength: 7 });
    expect(await text('streamed')).toBe('one two');
    await put('empty', Buffer.alloc(0));
    expect(await text('empty')).toBe('');
  });

  it('may be larger than the 11 MiB at which the engine by itself stops', async () => {
    await put('large', Buffer.alloc(20_000_000, 'x'));
    expect((await aws.clients.s3.send(new HeadObjectCommand({ Bucket, Key: 'large' }))).ContentLength).toBe(20_000_000);
  });

  it('come together from parts', async () => {
    const { UploadId } = await aws.clients.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const bodies = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('end')];
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await aws.clients.s3.send(
        new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber, Body }),
      );
      Parts.push({ PartNumber, ETag });
    }
    await aws.clients.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, MultipartUpload: { Parts } }),
    );
    const read = await aws.clients.s3.send(new GetObjectCommand({ Bucket, Key: 'parts' }));
    const bytes = Buffer.from((await read.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat(bodies))).toBe(true);
  });

  it('are written by one of many concurrent If-None-Match writers', async () => {
    const writers = Array.from({ length: 20 }, (_, index) => put('contested', String(index), { IfNoneMatch: '*' }));
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    }
  });

  it('are replaced only while their ETag matches', async () => {
    const { ETag } = await put('versioned', '1');
    await put('versioned', '2', { IfMatch: ETag });
    await expect(put('versioned', '3', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('no-such', '3', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(put('versioned', '3', { IfNoneMatch: ETag })).rejects.toMatchObject({ name: 'NotImplemented' });
    expect(await text('versioned')).toBe('2');
  });

  it.each([
    ['ContentMD5', 'AAAAAAAAAAAAAAAAAAAAAA=='],
    ['ChecksumCRC32', 'AAAAAA=='],
    ['ChecksumSHA256', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ])('are refused when their %s is another', async (member, digest) => {
    await expect(put('damaged', 'body', { [member]: digest })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(text('damaged')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('with path traversal stay in the database', async () => {
    const response = await fetch(`${aws.endpoint}/${Bucket}/%2e%2e%2f%2e%2e%2fescaped`, { method: 'PUT', body: 'x' });
    expect(response.status).toBe(200);
    expect((await readdir(aws.dataFolder, { recursive: true })).filter((name) => name.includes('escaped'))).toEqual([]);
    await aws.clients.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: '../../escaped' }] } }));
  });
});

describe('S3 refusals', () => {
  it('name a subresource that the engine would take for the plain request', async () => {
    const call = aws.clients.s3.send(
      new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }),
    );
    await expect(call).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('PUT with ?tagging'),
    });
  });
});

it('lists any keys completely and in order, page by page', async () => {
  const key = fc.string({
    minLength: 1,
    maxLength: 6,
    unit: fc.constantFrom('a', 'B', 'c', '/', '-', '0', 'é', '🦋', '\uffee'),
  });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (keys, MaxKeys, split) => {
        const name = `listing-${round++}`;
        await aws.clients.s3.send(new CreateBucketCommand({ Bucket: name }));
        for (const Key of keys) await aws.clients.s3.send(new PutObjectCommand({ Bucket: name, Key, Body: 'x' }));
        const found: string[] = [];
        const prefixes: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const input = { Bucket: name, MaxKeys, ContinuationToken, ...(split ? { Delimiter: '/' } : {}) };
          const page = await aws.clients.s3.send(new ListObjectsV2Command(input));
          found.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
          prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined);
        const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const isSplit = (Key: string): boolean => split && Key.includes('/');
        expect(found).toEqual(sorted.filter((Key) => !isSplit(Key)));
        expect(prefixes).toEqual([...new Set(sorted.filter(isSplit).map((Key) => Key.slice(0, Key.indexOf('/') + 1)))]);
      },
    ),
    { numRuns: 40 },
  );
});

describe('SQS', () => {
  it('gives queue URLs of the endpoint as the caller reaches it, and ARNs of its region', async () => {
    const { QueueUrl } = await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: 'dlq' }));
    expect(QueueUrl).toBe(`${aws.endpoint}/000000000000/dlq`);
    const other = aws.endpoint.replace('127.0.0.1', 'localhost');
    const response = await fetch(other, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.GetQueueUrl', 'content-type': 'application/x-amz-json-1.0' },
      body: '{"QueueName":"dlq"}',
    });
    expect(await response.json()).toEqual({ QueueUrl: `${other}/000000000000/dlq` });
    expect((await aws.clients.sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
    const { Attributes } = await aws.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    expect(Attributes).toEqual({ QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:dlq' });
  });

  it('carries messages of any text', async () => {
    const { QueueUrl } = await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: 'texts' }));
    const MessageBody = '{"QueueUrl":"http://sqs.localhost/1/x","ж":"ไทย"}';
    await aws.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody,
        MessageAttributes: { a: { DataType: 'String', StringValue: 'ж' } },
      }),
    );
    await aws.clients.sqs.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', MessageBody: 'second' }] }),
    );
    const { Messages = [] } = await aws.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual([MessageBody, 'second']);
    expect(Messages[0]?.MessageAttributes).toMatchObject({ a: { StringValue: 'ж' } });
  });

  it('shows a hidden message again when told to', async () => {
    const { QueueUrl } = await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: 'shown' }));
    await aws.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }));
    const receive = () => aws.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 100 }));
    const [hidden] = (await receive()).Messages ?? [];
    expect((await receive()).Messages).toBeUndefined();
    const { Failed } = await aws.clients.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [{ Id: '0', ReceiptHandle: hidden?.ReceiptHandle, VisibilityTimeout: 0 }],
      }),
    );
    expect(Failed ?? []).toEqual([]);
    expect((await receive()).Messages).toMatchObject([{ MessageId: hidden?.MessageId, Body: 'again' }]);
  });

  it('names what it does not have', async () => {
    for (const QueueName of ['bad name!', 'x'.repeat(81), 'a.b', '.fifo']) {
      await expect(aws.clients.sqs.send(new CreateQueueCommand({ QueueName }))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
        message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      });
    }
    const missing = aws.clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'missing' }));
    await expect(missing).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    const unknown = aws.clients.sqs.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: `${aws.endpoint}/000000000000/dlq` }),
    );
    await expect(unknown).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});

it('keeps objects, uploads in progress and messages over a restart on another port', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'local-aws-'));
  const first = await startTestEndpoint({ dataFolder });
  await first.clients.s3.send(new CreateBucketCommand({ Bucket }));
  await first.clients.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
  const { UploadId } = await first.clients.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'm' }));
  const { QueueUrl: oldUrl } = await first.clients.sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  await first.clients.sqs.send(new SendMessageCommand({ QueueUrl: oldUrl, MessageBody: 'kept' }));
  await first.stop();

  const second = await startTestEndpoint({ dataFolder });
  const read = await second.clients.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
  expect(await read.Body?.transformToString()).toBe('kept');
  const part = await second.clients.s3.send(
    new UploadPartCommand({ Bucket, Key: 'm', UploadId, PartNumber: 1, Body: 'x' }),
  );
  expect(part.ETag).toBeDefined();
  const { QueueUrl } = await second.clients.sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  expect(QueueUrl).toBe(`${second.endpoint}/000000000000/q`);
  const received = await second.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: oldUrl }));
  expect(received.Messages).toMatchObject([{ Body: 'kept' }]);
  await second.stop();
  await rm(dataFolder, { recursive: true });
});
