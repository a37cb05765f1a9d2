import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const Bucket = 'bucket';
const keys = ['a/1', 'a/2', 'b', 'nul\u0000 &<é+', 'z'];

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint({ region: 'eu-west-1' });
  await aws.clients.s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of keys) await aws.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
});
afterAll(() => aws.stop());

const decoded = (text?: string) => decodeURIComponent(text ?? '');
const keysOf = (objects: readonly { Key?: string | undefined }[] = []) => objects.map(({ Key }) => decoded(Key));

describe('a listing', () => {
  // XML 1.0 cannot hold U+0000 to U+001F: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  it('holds any key with encoding-type=url', async () => {
    const EncodingType = 'url';
    const v2 = await aws.clients.s3.send(new ListObjectsV2Command({ Bucket, EncodingType, Prefix: 'nul\u0000' }));
    const v1 = await aws.clients.s3.send(new ListObjectsCommand({ Bucket, EncodingType, Prefix: 'nul\u0000' }));
    for (const answer of [v2, v1]) {
      expect(answer).toMatchObject({ EncodingType: 'url', Prefix: 'nul%00' });
      expect(keysOf(answer.Contents)).toEqual(['nul\u0000 &<é+']);
    }
    const versions = await aws.clients.s3.send(new ListObjectVersionsCommand({ Bucket, EncodingType }));
    expect(keysOf(versions.Versions)).toEqual(keys);
  });

  it('is well-formed without encoding-type too, but for references to characters that XML lacks', async () => {
    const response = await fetch(`${aws.endpoint}/${Bucket}?list-type=2`);
    expect(await response.text()).toContain('<Key>nul&#x0; &amp;&lt;é+</Key>');
  });

  it('goes on after a marker, a common prefix too', async () => {
    const page = (Marker?: string) =>
      aws.clients.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1, Marker }));
    const first = await page();
    expect(first.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    expect(first.NextMarker).toBe('a/');
    const second = await page(first.NextMarker);
    expect([second.CommonPrefixes, keysOf(second.Contents), second.IsTruncated]).toEqual([undefined, ['b'], true]);
  });

  it.each([
    ['max-keys=x', 'InvalidArgument'],
    ['max-keys=-1', 'InvalidArgument'],
    ['encoding-type=xml', 'InvalidArgument'],
    ['list-type=2&continuation-token=%3F', 'InvalidArgument'],
  ])('refuses %s', async (query, name) => {
    const response = await fetch(`${aws.endpoint}/${Bucket}?${query}`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(`<Code>${name}</Code>`)]);
  });

  it('of a bucket that is not there is an error', async () => {
    const none = { Bucket: 'none' };
    for (const call of [
      () => aws.clients.s3.send(new ListObjectsV2Command(none)),
      () => aws.clients.s3.send(new ListObjectVersionsCommand(none)),
      () => aws.clients.s3.send(new GetBucketLocationCommand(none)),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'NoSuchBucket' });
    }
  });

  it('by the name of the bucket in the host is the same', async () => {
    const { port } = new URL(aws.endpoint);
    const listed = await aws.gateway.answer({
      method: 'GET',
      url: '/?list-type=2&prefix=a/',
      headers: { host: `${Bucket}.localhost:${port}` },
      body: Buffer.alloc(0),
    });
    expect(listed?.body.toString()).toContain('<Key>a/1</Key><');
  });
});

describe('what tools ask of a bucket first', () => {
  it('where it is', async () => {
    const { LocationConstraint } = await aws.clients.s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).toBe('eu-west-1');
  });

  it('its tags: none', async () => {
    const call = aws.clients.s3.send(new GetBucketTaggingCommand({ Bucket }));
    await expect(call).rejects.toMatchObject({ name: 'NoSuchTagSet', $metadata: { httpStatusCode: 404 } });
  });

  it('its encryption: none', async () => {
    const call = aws.clients.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    await expect(call).rejects.toMatchObject({
      ...{ name: 'ServerSideEncryptionConfigurationNotFoundError', $metadata: { httpStatusCode: 404 } },
    });
  });

  it('whether it has versions: never', async () => {
    const { Status } = await aws.clients.s3.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBeUndefined();
  });

  it('its versions: each object once, which a deletion takes by the id null', async () => {
    await aws.clients.s3.send(new CreateBucketCommand({ Bucket: 'emptied' }));
    const list = (more: object = {}) =>
      aws.clients.s3.send(new ListObjectVersionsCommand({ Bucket: 'emptied', MaxKeys: 1, ...more }));
    expect((await list()).Versions).toBeUndefined();
    for (const Key of ['a', 'b']) {
      await aws.clients.s3.send(new PutObjectCommand({ Bucket: 'emptied', Key, Body: 'x' }));
    }
    const first = await list();
    const second = await list({ KeyMarker: first.NextKeyMarker, VersionIdMarker: first.NextVersionIdMarker });
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
    const versions = [first, second].flatMap(({ Versions = [] }) => Versions);
    expect(versions).toMatchObject([
      { Key: 'a', VersionId: 'null', IsLatest: true, Size: 1 },
      { Key: 'b', VersionId: 'null', IsLatest: true },
    ]);
    const Objects = versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
    await aws.clients.s3.send(new DeleteObjectsCommand({ Bucket: 'emptied', Delete: { Objects } }));
    expect((await list()).Versions).toBeUndefined();
  });
});
