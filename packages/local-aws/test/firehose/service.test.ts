import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import refused from './cases/refused-streams.json' with { type: 'json' };
import { call, create, destination, type Firehose, type Fixture, put, startFixture, texts, until } from './fixture.ts';

let fixture: Fixture;
let service: Firehose;

beforeAll(async () => {
  fixture = await startFixture();
  service = fixture.service(fixture.dataFolder);
});
afterAll(() => fixture.stop());

describe('CreateDeliveryStream', () => {
  it.each(refused)('refuses $name', async ({ input, expected }) => {
    await expect(call(service, 'CreateDeliveryStream', input)).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining(expected.error),
    });
  });

  it('takes what has no effect here, and describes what it does', async () => {
    const answer = await call(service, 'CreateDeliveryStream', {
      DeliveryStreamName: 'Whole',
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      Tags: [{ Key: 'a', Value: 'b' }],
      ExtendedS3DestinationConfiguration: {
        ...destination,
        Prefix: 'deleted/readings/!{timestamp:yyyy/MM/dd/HH}/',
        ErrorOutputPrefix: 'errors/readings/!{firehose:error-output-type}/',
        BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
        CompressionFormat: 'GZIP',
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g', LogStreamName: 's' },
        EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
        ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord', Parameters: [] }] },
        S3BackupMode: 'Disabled',
      },
    });

    expect(await call(service, 'ListTagsForDeliveryStream', { DeliveryStreamName: 'Whole' })).toEqual({
      Tags: [{ Key: 'a', Value: 'b' }],
      HasMoreTags: false,
    });
    const DeliveryStreamARN = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/Whole';
    expect(answer).toEqual({ DeliveryStreamARN });
    expect(await call(service, 'DescribeDeliveryStream', { DeliveryStreamName: 'Whole' })).toMatchObject({
      DeliveryStreamDescription: {
        DeliveryStreamName: 'Whole',
        DeliveryStreamARN,
        DeliveryStreamStatus: 'ACTIVE',
        DeliveryStreamType: 'DirectPut',
        VersionId: '1',
        HasMoreDestinations: false,
        Destinations: [
          {
            ExtendedS3DestinationDescription: {
              BucketARN: destination.BucketARN,
              Prefix: 'deleted/readings/!{timestamp:yyyy/MM/dd/HH}/',
              BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
              CompressionFormat: 'GZIP',
              ProcessingConfiguration: {
                Enabled: true,
                Processors: [{ Type: 'AppendDelimiterToRecord', Parameters: [] }],
              },
              S3BackupMode: 'Disabled',
            },
          },
        ],
      },
    });
  });

  it('refuses a second stream of the same name', async () => {
    const both = await Promise.allSettled([create(service, 'Twice'), create(service, 'Twice')]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(create(service, 'Twice')).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });
});

describe('ListDeliveryStreams', () => {
  it('pages by name', async () => {
    const other = fixture.service(`${fixture.dataFolder}-list`);
    for (const name of ['c', 'a', 'b']) await create(other, name);

    expect(await call(other, 'ListDeliveryStreams', { Limit: 2 })).toEqual({
      DeliveryStreamNames: ['a', 'b'],
      HasMoreDeliveryStreams: true,
    });
    expect(await call(other, 'ListDeliveryStreams', { ExclusiveStartDeliveryStreamName: 'b' })).toEqual({
      DeliveryStreamNames: ['c'],
      HasMoreDeliveryStreams: false,
    });
    expect(await call(other, 'ListDeliveryStreams', { DeliveryStreamType: 'KinesisStreamAsSource' })).toEqual({
      DeliveryStreamNames: [],
      HasMoreDeliveryStreams: false,
    });
  });
});

describe('PutRecord and PutRecordBatch', () => {
  const batch = (records: unknown) =>
    call(service, 'PutRecordBatch', { DeliveryStreamName: 'Limits', Records: records });
  const sized = (bytes: number) => ({ Data: new Uint8Array(bytes) });
  beforeAll(() => create(service, 'Limits', { BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 900 } }));

  it('answer an id per record', async () => {
    expect(await put(service, 'Limits', 'a', 'b')).toEqual({
      FailedPutCount: 0,
      Encrypted: false,
      RequestResponses: [{ RecordId: expect.any(String) }, { RecordId: expect.any(String) }],
    });
    expect(
      await call(service, 'PutRecord', { DeliveryStreamName: 'Limits', Record: { Data: Buffer.from('c') } }),
    ).toEqual({
      RecordId: expect.any(String),
      Encrypted: false,
    });
  });

  it('take exactly what the limits allow', async () => {
    await expect(batch(Array.from({ length: 500 }, () => sized(1)))).resolves.toMatchObject({ FailedPutCount: 0 });
    await expect(
      batch([sized(1_024_000), sized(1_024_000), sized(1_024_000), sized(1_024_000), sized(98_304)]),
    ).resolves.toMatchObject({ FailedPutCount: 0 });
  });

  it.each([
    [
      '501 records',
      Array.from({ length: 501 }, () => sized(1)),
      'ValidationException',
      'Records: must have length less than or equal to 500',
    ],
    ['no records', [], 'ValidationException', 'Records'],
    [
      'a record over 1,000 KiB',
      [sized(1), sized(1_024_001)],
      'ValidationException',
      'Records.1.Data: must have length less than or equal to 1024000',
    ],
    [
      '4 MiB and a byte',
      [...Array.from({ length: 4 }, () => sized(1_024_000)), sized(98_305)],
      'InvalidArgumentException',
      '4194305 bytes in total',
    ],
    ['text instead of a blob', [{ Data: 'text' }], 'ValidationException', 'Records.0.Data: must be a blob'],
  ])('refuse %s', async (_, records, name, message) => {
    await expect(batch(records)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it('know only streams that exist', async () => {
    await expect(put(service, 'Nowhere', 'a')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('DeleteDeliveryStream', () => {
  it('delivers what was acknowledged before the stream is gone', async () => {
    const other = fixture.service(`${fixture.dataFolder}-delete`);
    await create(other, 'Going', { Prefix: 'going/' });
    await put(other, 'Going', 'last words');
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    fixture.store.beforePut = () => held;

    await call(other, 'DeleteDeliveryStream', { DeliveryStreamName: 'Going' });

    expect(await call(other, 'DescribeDeliveryStream', { DeliveryStreamName: 'Going' })).toMatchObject({
      DeliveryStreamDescription: { DeliveryStreamStatus: 'DELETING' },
    });
    await expect(put(other, 'Going', 'too late')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    letGo();
    const describing = () => call(other, 'DescribeDeliveryStream', { DeliveryStreamName: 'Going' });
    await until(() =>
      describing().then(
        () => false,
        (error) => error.name === 'ResourceNotFoundException',
      ),
    );
    expect(await readdir(join(`${fixture.dataFolder}-delete`, 'firehose'))).toEqual([]);
    expect(
      Object.entries(await texts(fixture))
        .filter(([key]) => key.startsWith('going/'))
        .map(([, text]) => text),
    ).toEqual(['last words']);
  });
});
