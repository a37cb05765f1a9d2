import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { CreateStreamCommand, DescribeStreamSummaryCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { until } from '../../../kit/test/until.ts';
import { createFirehoseService } from '../../src/firehose/service.ts';
import { createLambdaService } from '../../src/lambda/service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';
import { zip } from '../lambda/fixture.ts';

/** Answers by the text of the first record. */
const code = `
export async function handler({ records }) {
  const text = (data) => Buffer.from(data, 'base64').toString();
  switch (text(records[0].data)) {
    case 'throw': throw new Error('it does');
    case 'hang': return new Promise((resolve) => setTimeout(resolve, 60_000));
    case 'exit': process.exit(1);
    case 'six megabytes':
      return { records: records.map(({ recordId }) => ({ recordId, result: 'Ok', data: 'A'.repeat(6_400_000) })) };
    default:
      return { records: records.map(({ recordId, data }) => (
        { recordId, result: 'Ok', data: Buffer.from(text(data).toUpperCase()).toString('base64') }
      )) };
  }
}`;

let aws: TestEndpoint;
let dataFolder: string;
let firehose: ReturnType<typeof createFirehoseService>;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'transformation-'));
  const options = {
    clients: () => aws.ownClients,
    functions: () => aws.ownClients.lambda,
    clock: systemClock,
    random: systemRandom,
    dataFolder,
    region: 'us-east-1',
    meter: unmetered,
  };
  firehose = createFirehoseService({ ...options, maxBufferIntervalSeconds: 0 });
  const lambda = createLambdaService(options);
  aws = await startTestEndpoint({ dataFolder, services: [firehose, lambda] });
  ends.push(
    () => rm(dataFolder, { recursive: true }),
    () => aws.stop(),
    () => lambda.stop(),
    () => firehose.stop(),
  );
  const { kinesis, s3, lambda: functions, firehose: streams } = aws.clients;
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  await kinesis.send(new CreateStreamCommand({ StreamName: 'readings', ShardCount: 1 }));
  const described = () => kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'readings' }));
  await until(async () => (await described()).StreamDescriptionSummary?.StreamStatus === 'ACTIVE');
  const { FunctionArn = '' } = await functions.send(
    new CreateFunctionCommand({
      FunctionName: 'flatten',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/R',
      Timeout: 2,
      Code: { ZipFile: zip({ 'index.mjs': code }) },
    }),
  );
  await streams.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'Lake',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/readings',
        RoleARN: 'arn:aws:iam::000000000000:role/R',
      },
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'arn:aws:s3:::lake',
        RoleARN: 'arn:aws:iam::000000000000:role/R',
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: [
                { ParameterName: 'LambdaArn', ParameterValue: FunctionArn },
                { ParameterName: 'NumberOfRetries', ParameterValue: '1' },
              ],
            },
          ],
        },
      },
    }),
  );
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** Delivers a record. Returns the texts of the new objects. */
async function deliver(data: string): Promise<string[]> {
  const before = await keys();
  const Records = [{ PartitionKey: '1', Data: Buffer.from(data) }];
  await aws.clients.kinesis.send(new PutRecordsCommand({ StreamName: 'readings', Records }));
  await until(async () => (await firehose.pending()).length === 0);
  const found: string[] = [];
  for (const Key of (await keys()).filter((key) => !before.includes(key))) {
    const { Body } = await aws.clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
    found.push((await Body?.transformToString()) ?? '');
  }
  return found;
}

async function keys(): Promise<string[]> {
  const { Contents = [] } = await aws.clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

describe('a delivery stream with a function of Lambda', () => {
  it('delivers what the function answers', async () => {
    expect(await deliver('hello')).toEqual(['HELLO']);
  });

  // A captured answer of AWS for all of them: Lambda.FunctionError.
  it.each(['throw', 'hang', 'exit', 'six megabytes'])('writes an error when it does "%s"', async (text) => {
    const [line = '{}', ...others] = await deliver(text);

    expect(others).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({
      attemptsMade: 2,
      errorCode: 'Lambda.FunctionError',
      errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
      rawData: Buffer.from(text).toString('base64'),
    });
  });

  it('delivers again after the failures', async () => {
    expect(await deliver('again')).toEqual(['AGAIN']);
  });
});
