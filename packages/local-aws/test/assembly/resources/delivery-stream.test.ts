import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeDeliveryStreamCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import { deliveryStream } from '../../../src/assembly/resources/delivery-stream.ts';
import { createFirehoseService, type FirehoseService } from '../../../src/firehose/service.ts';
import { unmetered } from '../../../src/meter/meter.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { ResourceFixture } from './resource-fixture.ts';

let aws: TestEndpoint;
let firehose: FirehoseService;
let dataFolder: string;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'firehose-type-'));
  firehose = createFirehoseService({
    ...{ clients: () => aws.clients, functions: () => aws.clients.lambda, clock: systemClock, random: systemRandom },
    ...{ dataFolder, meter: unmetered, region: 'us-east-1', maxBufferIntervalSeconds: 900 },
  });
  aws = await startTestEndpoint({ dataFolder, services: [firehose] });
  await aws.clients.s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
});
afterAll(async () => {
  await firehose.stop();
  await aws.stop();
  await rm(dataFolder, { recursive: true });
});

const destination = { BucketARN: 'arn:aws:s3:::archive', RoleARN: 'arn:aws:iam::000000000000:role/R' };
const propertiesWith = (more: JsonObject = {}): JsonObject => ({
  ExtendedS3DestinationConfiguration: { ...destination, ...more },
});

describe('AWS::KinesisFirehose::DeliveryStream', () => {
  it('is created, kept, changed in place and deleted with its buffer delivered', async () => {
    const mine = new ResourceFixture(deliveryStream, 'mine', aws.clients);
    const first = propertiesWith({
      Prefix: 'first/',
      CompressionFormat: 'GZIP',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
      CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g', LogStreamName: 's' },
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
    });
    expect(await mine.exists(first)).toBe(false);
    const created = await mine.create(first);
    const Arn = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/mine';
    expect(created).toEqual({ ref: 'mine', attributes: { Arn } });
    expect(await mine.create(first)).toEqual(created);
    expect(await mine.exists()).toBe(true);
    const Record = { Data: Buffer.from('kept') };
    await aws.clients.firehose.send(new PutRecordCommand({ DeliveryStreamName: 'mine', Record }));

    expect(await mine.update(propertiesWith())).toEqual(created);
    const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'mine' });
    const { DeliveryStreamDescription: described } = await aws.clients.firehose.send(command);
    expect(described?.Destinations?.[0]?.ExtendedS3DestinationDescription).toEqual({
      ...destination,
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
      CompressionFormat: 'UNCOMPRESSED',
      CloudWatchLoggingOptions: { Enabled: false },
      CustomTimeZone: 'UTC',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
      ProcessingConfiguration: { Enabled: false },
      S3BackupMode: 'Disabled',
    });

    await mine.delete();
    expect(await mine.exists()).toBe(false);
    const { Contents = [] } = await aws.clients.s3.send(new ListObjectsV2Command({ Bucket: 'archive' }));
    expect(Contents.map(({ Key }) => Key)).toEqual([
      expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\d\d\/mine-\d+-[^.]*$/),
    ]);
    await mine.delete();
  });
});
