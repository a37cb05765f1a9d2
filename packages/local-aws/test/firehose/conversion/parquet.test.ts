import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { systemRandom } from '@tweet-pipes/kit/random';
import { parquetMetadata } from 'hyparquet';
import { until } from '../../../../kit/test/until.ts';
import { deliveryStream } from '../../../src/assembly/resources/delivery-stream.ts';
import { createFirehoseService } from '../../../src/firehose/service.ts';
import { UnitMeter } from '../../../src/meter/meter.ts';
import { bucket, jsonTable, startAthena } from '../../athena/fixture.ts';
import { FakeFunction } from '../fake-function.ts';
import { call, type Firehose, put } from '../fixture.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Makes rows of texts, but of one. */
const fake = new FakeFunction(({ records }) => ({
  records: records.map(({ recordId, text }) =>
    text === 'bad'
      ? { recordId, result: 'ProcessingFailed' }
      : { recordId, result: 'Ok', data: base64(`{"id":${text}}`) },
  ),
}));
const meter = new UnitMeter();
let aws: Awaited<ReturnType<typeof startAthena>>;
let dataFolder: string;
let firehose: Firehose;
beforeAll(async () => {
  aws = await startAthena();
  dataFolder = await mkdtemp(join(tmpdir(), 'parquet-'));
  firehose = createFirehoseService({
    ...{ dataFolder, clock: systemClock, random: systemRandom, meter, region: 'us-east-1' },
    clients: () => aws.clients,
    functions: () => fake.client,
    maxBufferIntervalSeconds: 0,
  });
});
afterAll(async () => {
  await firehose.stop();
  await aws.stop();
  await rm(dataFolder, { recursive: true });
});

const conversionOf = (TableName: string, Deserializer: JsonObject = { OpenXJsonSerDe: {} }) => ({
  Enabled: true,
  InputFormatConfiguration: { Deserializer },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'GZIP' } } },
  SchemaConfiguration: { RoleARN: 'r', DatabaseName: 'db', TableName },
});

/** A destination under the name of a stream, whose files are a table of it. */
const destination = (name: string, more: JsonObject = {}): JsonObject => ({
  RoleARN: 'r',
  BucketARN: `arn:aws:s3:::${bucket}`,
  Prefix: `${name}/!{timestamp:yyyy}/`,
  ErrorOutputPrefix: `errors-${name}/!{firehose:error-output-type}/`,
  CompressionFormat: 'UNCOMPRESSED',
  DataFormatConversionConfiguration: conversionOf(name),
  ...more,
});

const create = (name: string, more: JsonObject = {}): Promise<object> =>
  call(firehose, 'CreateDeliveryStream', {
    DeliveryStreamName: name,
    ExtendedS3DestinationConfiguration: destination(name, more),
  });

async function createParquetTable(name: string, columns: Record<string, string>): Promise<void> {
  const table = jsonTable(name, columns);
  const SerdeInfo = { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' };
  await aws.createTable({ ...table, StorageDescriptor: { ...table.StorageDescriptor, SerdeInfo } });
}

/** Objects under a prefix, once everything is delivered. */
async function delivered(Prefix: string): Promise<{ key: string; body: Buffer }[]> {
  await until(async () => (await firehose.pending()).length === 0);
  const { Contents = [] } = await aws.clients.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await aws.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return { key: Key, body: Buffer.from((await Body?.transformToByteArray()) ?? []) };
    }),
  );
}

async function failuresOf(name: string): Promise<{ keys: string[]; lines: Record<string, unknown>[] }> {
  const objects = await delivered(`errors-${name}/`);
  const lines = objects.flatMap(({ body }) => body.toString().trim().split('\n'));
  return { keys: objects.map(({ key }) => key), lines: lines.map((line) => JSON.parse(line)) };
}

describe('a delivery stream that converts', () => {
  it('writes Parquet with the columns of the table, which Athena reads', async () => {
    await createParquetTable('typed', {
      id: 'string',
      n: 'bigint',
      ratio: 'double',
      price: 'decimal(10,2)',
      ok: 'boolean',
      at: 'timestamp',
      day: 'date',
      tags: 'array<string>',
      by: 'struct<name:string,age:int>',
      counts: 'map<string,int>',
    });
    await create('typed');
    const row = {
      ...{ id: 'é"\n', n: 9007199254740992, ratio: 0.5, price: 1.239, ok: true, at: '2026-11-20 10:00:00.123' },
      ...{ day: '2026-11-20', tags: ['a', 'b'], by: { Name: 'x', other: 1 }, counts: { k: 1 }, left: 'out' },
    };
    await put(firehose, 'typed', JSON.stringify(row), '{"id":"2","tags":[]}{"ID":"3"}\n');
    const objects = await delivered('typed/');
    expect(objects.map(({ key }) => key)).toEqual([expect.stringMatching(/^typed\/\d{4}\/typed-1-.*\.parquet$/)]);
    const [file] = objects;
    const { row_groups: groups } = parquetMetadata(new Uint8Array(file?.body ?? []).buffer);
    expect(groups[0]?.columns[0]?.meta_data?.codec).toBe('GZIP');
    expect(await aws.query('SELECT id, n, ratio, price, ok, at, day, tags, by, counts FROM typed ORDER BY id')).toEqual(
      [
        ['2', null, null, null, null, null, null, '[]', null, null],
        ['3', null, null, null, null, null, null, null, null, null],
        [
          ...['é"\n', '9007199254740992', '0.5', '1.24', 'true', '2026-11-20 10:00:00.123', '2026-11-20', '[a, b]'],
          ...['{name=x, age=null}', '{k=1}'],
        ],
      ],
    );
    expect(await readdir(join(dataFolder, 'firehose', 'typed'))).toEqual([]);
  });

  it('writes records that do not fit to the error prefix, and the others as Parquet', async () => {
    await createParquetTable('strict', { id: 'int' });
    await create('strict');
    await put(firehose, 'strict', '{"id":1}', '{"id":"oops"}', 'no json', '{"id":2}');
    const { keys, lines } = await failuresOf('strict');
    expect(keys).toEqual([
      expect.stringMatching(/^errors-strict\/format-conversion-failed\/strict-1-[\d-]{19}-[0-9a-f-]{36}$/),
    ]);
    const dataCatalogTable = {
      ...{ catalogId: '000000000000', databaseName: 'db', tableName: 'strict' },
      ...{ region: 'us-east-1', versionId: 'LATEST' },
    };
    const common = {
      ...{ attemptsMade: 1, arrivalTimestamp: expect.any(Number), attemptEndingTimestamp: expect.any(Number) },
      dataCatalogTable,
    };
    expect(lines).toEqual([
      {
        ...common,
        lastErrorCode: 'DataFormatConversion.MalformedData',
        lastErrorMessage: 'Data does not match the schema. For input string: "oops"',
        rawData: base64('{"id":"oops"}'),
      },
      {
        ...common,
        lastErrorCode: 'DataFormatConversion.ParseError',
        lastErrorMessage: 'Encountered malformed JSON.',
        rawData: base64('no json'),
      },
    ]);
    expect(await aws.query('SELECT id FROM strict ORDER BY id')).toEqual([['1'], ['2']]);
  });

  it.each([
    ['missing', undefined, 'DataFormatConversion.EntityNotFound'],
    ['odd', { x: 'uniontype<int>' }, 'DataFormatConversion.InvalidSchema'],
  ])('without a usable schema writes everything to the error prefix: %s', async (name, columns, code) => {
    if (columns !== undefined) await createParquetTable(name, columns);
    await create(name);
    await put(firehose, name, '{"x":1}');
    expect((await failuresOf(name)).lines).toMatchObject([{ lastErrorCode: code, rawData: base64('{"x":1}') }]);
    expect(await delivered(`${name}/`)).toEqual([]);
  });

  it('converts what a function made of records', async () => {
    await createParquetTable('made', { id: 'int' });
    const LambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    const Parameters = [{ ParameterName: 'LambdaArn', ParameterValue: LambdaArn }];
    const Processors = [{ Type: 'Lambda', Parameters }];
    await create('made', { ProcessingConfiguration: { Enabled: true, Processors } });
    await put(firehose, 'made', '7', 'bad', '"x"');
    const { keys, lines } = await failuresOf('made');
    expect(keys.map((key) => key.split('/')[1])).toEqual(['format-conversion-failed', 'processing-failed']);
    expect(lines.map(({ rawData }) => rawData)).toEqual([base64('{"id":"x"}'), base64('bad')]);
    expect(await aws.query('SELECT id FROM made')).toEqual([['7']]);
  });

  it('is billed for the conversion of each record in steps of 5 KB', () => {
    expect(meter.stack.firehoseConvertedBytes).toBe(11 * 5 * 1024);
  });

  it('is described as it was made', async () => {
    expect(await call(firehose, 'DescribeDeliveryStream', { DeliveryStreamName: 'typed' })).toMatchObject({
      DeliveryStreamDescription: {
        Destinations: [
          {
            ExtendedS3DestinationDescription: {
              BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 300 },
              DataFormatConversionConfiguration: {
                ...conversionOf('typed'),
                SchemaConfiguration: { RoleARN: 'r', DatabaseName: 'db', TableName: 'typed', VersionId: 'LATEST' },
              },
            },
          },
        ],
      },
    });
  });
});

const converting = 'ExtendedS3DestinationConfiguration';
it.each([
  [
    { CompressionFormat: 'GZIP' },
    `${converting}.CompressionFormat: it must be UNCOMPRESSED with record format conversion`,
  ],
  [
    { BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 } },
    `${converting}.BufferingHints.SizeInMBs: it must be at least 64 with record format conversion`,
  ],
  [
    {
      DataFormatConversionConfiguration: {
        ...conversionOf('t'),
        OutputFormatConfiguration: { Serializer: { OrcSerDe: {} } },
      },
    },
    'OutputFormatConfiguration.Serializer.OrcSerDe: not supported by the local Firehose',
  ],
  [
    { DataFormatConversionConfiguration: conversionOf('t', { HiveJsonSerDe: { TimestampFormats: ['millis'] } }) },
    'InputFormatConfiguration.Deserializer.HiveJsonSerDe.TimestampFormats: not supported by the local Firehose',
  ],
  [{ DataFormatConversionConfiguration: { Enabled: true } }, 'InputFormatConfiguration: '],
])('refuses %j', async (more, message) => {
  await expect(create('refused', more)).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: expect.stringContaining(message),
  });
});

it('is honoured in a template', () => {
  const properties = { ExtendedS3DestinationConfiguration: destination('t') };
  expect(deliveryStream.check('Stream', properties)).toEqual([]);
});
