import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { streamArn } from '../pipes/fixture.ts';
import { FakeFunction, type FunctionCall, FunctionFailure, ok, Refusal } from './fake-function.ts';
import { call, put, texts } from './fixture.ts';
import { newSource, type SourceFixture, startSourceFixture, whenDelivered } from './source-fixture.ts';

const lambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:flatten';
const parametersOf = (more: Record<string, string>) =>
  Object.entries({ LambdaArn: lambdaArn, ...more }).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
  }));
const processing = (more: Record<string, string> = {}, interval = 0) => ({
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: interval },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [{ Type: 'Lambda', Parameters: parametersOf(more) }, { Type: 'AppendDelimiterToRecord' }],
  },
});

let fixture: SourceFixture;
beforeEach(async () => {
  fixture = await startSourceFixture();
});
afterEach(() => fixture.stop());

/** Delivers records through a function. Returns the lines of the data and the parsed lines of the errors. */
async function deliver(
  fake: FakeFunction,
  records: readonly string[],
  { parameters = {}, s3 = {} }: { parameters?: Record<string, string>; s3?: object } = {},
) {
  const service = await fixture.run(
    fixture.dataFolder,
    { ...processing(parameters), ...s3 },
    { functions: () => fake.client },
  );
  for (const text of records) fixture.put(text);
  await whenDelivered(fixture, service);
  return found();
}

async function found(prefix = '') {
  const objects = Object.entries(await texts(fixture)).filter(([key]) => key.startsWith(prefix));
  const linesOf = (isError: boolean) =>
    objects
      .filter(([key]) => key.includes('processing-failed') === isError)
      .flatMap(([, text]) => text.split('\n').slice(0, -1));
  const errors = linesOf(true).map((line): ErrorLine => JSON.parse(line));
  return { keys: objects.map(([key]) => key), data: linesOf(false), errors };
}

interface ErrorLine {
  attemptsMade: number;
  arrivalTimestamp: number;
  errorCode: string;
  errorMessage: string;
  attemptEndingTimestamp: number;
  rawData: string;
  lambdaArn: string;
}

const answerOf = (call: FunctionCall, change: (records: ReturnType<typeof ok>[]) => unknown) => ({
  records: change(call.records.map(ok)),
});

interface Case {
  name: string;
  /** https://docs.aws.amazon.com/firehose/latest/dev/… unless it says otherwise. */
  source: string;
  answer: (call: FunctionCall, count: number) => unknown;
  parameters?: Record<string, string>;
  data: string[];
  /** Code and attempts of each failed record, by its text. */
  errors: Record<string, [code: string, attempts: number]>;
  calls: number;
}

const status = 'data-transformation-status-model.html';
const failureHandling = 'data-transformation-failure-handling.html';
const recalled = 'recalled';
const allOf = (code: string, attempts: number): Case['errors'] => ({
  a: [code, attempts],
  b: [code, attempts],
  c: [code, attempts],
});

const cases: Case[] = [
  {
    name: 'Ok',
    source: status,
    answer: (call) => answerOf(call, (records) => records),
    data: ['A', 'B', 'C'],
    errors: {},
    calls: 1,
  },
  {
    name: 'records in another order',
    source: recalled,
    answer: (call) => answerOf(call, (records) => records.reverse()),
    data: ['A', 'B', 'C'],
    errors: {},
    calls: 1,
  },
  {
    name: 'Dropped without data',
    source: 'blueprint kinesis-firehose-cloudwatch-logs-processor-python',
    answer: (call) => answerOf(call, ([a, b, c]) => [a, { recordId: b?.recordId, result: 'Dropped' }, c]),
    data: ['A', 'C'],
    errors: {},
    calls: 1,
  },
  {
    name: 'ProcessingFailed',
    source: status,
    answer: (call) => answerOf(call, ([a, b, c]) => [a, { ...b, result: 'ProcessingFailed' }, c]),
    data: ['A', 'C'],
    errors: { b: ['Lambda.ProcessingFailedStatus', 1] },
    calls: 1,
  },
  {
    name: 'all Dropped',
    source: status,
    answer: (call) => answerOf(call, (records) => records.map((record) => ({ ...record, result: 'Dropped' }))),
    data: [],
    errors: {},
    calls: 1,
  },
  {
    name: 'a missing record id',
    source: status,
    answer: (call) => answerOf(call, ([a, , c]) => [a, c]),
    data: ['A', 'C'],
    errors: { b: ['Lambda.MissingRecordId', 1] },
    calls: 1,
  },
  {
    name: 'an unknown record id',
    source: status,
    answer: (call) => answerOf(call, ([a, b, c]) => [a, { ...b, recordId: 'x' }, c]),
    data: ['A', 'C'],
    errors: { b: ['Lambda.MissingRecordId', 1] },
    calls: 1,
  },
  {
    name: 'a record id that comes twice',
    source: 'monitoring-with-cloudwatch-logs.html',
    answer: (call) => answerOf(call, ([a, b, c]) => [a, b, c, b]),
    data: [],
    errors: allOf('Lambda.DuplicatedRecordId', 1),
    calls: 1,
  },
  {
    name: 'an unknown result',
    source: recalled,
    answer: (call) => answerOf(call, ([a, b, c]) => [a, { ...b, result: 'OK' }, c]),
    data: [],
    errors: allOf('Lambda.FunctionError', 1),
    calls: 1,
  },
  {
    name: 'data that is not base64',
    source: recalled,
    answer: (call) => answerOf(call, ([a, b, c]) => [a, { ...b, data: '{"a":1}' }, c]),
    data: [],
    errors: allOf('Lambda.FunctionError', 1),
    calls: 1,
  },
  {
    name: 'an answer without records',
    source: 'monitoring-with-cloudwatch-logs.html',
    answer: () => null,
    data: [],
    errors: allOf('Lambda.JsonProcessingException', 1),
    calls: 1,
  },
  {
    name: 'a function that fails each time',
    source: failureHandling,
    answer: () => {
      throw new FunctionFailure();
    },
    data: [],
    errors: allOf('Lambda.FunctionError', 4),
    calls: 4,
  },
  {
    name: 'a function that fails twice',
    source: failureHandling,
    answer: (call, count) => {
      if (count < 3) throw new FunctionFailure();
      return answerOf(call, (records) => records);
    },
    data: ['A', 'B', 'C'],
    errors: {},
    calls: 3,
  },
  {
    name: 'a function that is throttled, without retries',
    source: failureHandling,
    answer: () => {
      throw new Refusal('TooManyRequestsException');
    },
    parameters: { NumberOfRetries: '0' },
    data: [],
    errors: allOf('Lambda.InvokeLimitExceeded', 1),
    calls: 1,
  },
  {
    name: 'a function that does not answer within five minutes, with one retry',
    source: 'data-transformation.html',
    answer: () => new Promise(() => {}),
    parameters: { NumberOfRetries: '1' },
    data: [],
    errors: allOf('Lambda.FunctionTimedOut', 2),
    calls: 2,
  },
  {
    name: 'a function that does not exist, with one retry',
    source: 'monitoring-with-cloudwatch-logs.html',
    answer: () => {
      throw new Refusal('ResourceNotFoundException');
    },
    parameters: { NumberOfRetries: '1' },
    data: [],
    errors: allOf('Lambda.ResourceNotFound', 2),
    calls: 2,
  },
];

describe('the answer of a function', () => {
  it.each(cases)('$name ($source)', async ({ answer, parameters, data, errors, calls }) => {
    const fake = new FakeFunction(answer);
    const result = await deliver(fake, ['a', 'b', 'c'], parameters === undefined ? {} : { parameters });

    expect(result.data).toEqual(data);
    const failed = result.errors.map(({ rawData, errorCode, attemptsMade }) => [
      Buffer.from(rawData, 'base64').toString(),
      [errorCode, attemptsMade],
    ]);
    expect(Object.fromEntries(failed)).toEqual(errors);
    expect(fake.calls).toHaveLength(calls);
    expect(new Set(fake.calls.map(({ records }) => JSON.stringify(records))).size).toBe(1);
  });

  it('decides where each record goes: it is in the data, dropped or in the errors, once', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('Ok', 'Dropped', 'ProcessingFailed', 'missing'), { minLength: 1, maxLength: 30 }),
        fc.constantFrom('0.2', '1'),
        async (results, BufferSizeInMBs) => {
          runs += 1;
          const source = newSource(fixture);
          const of = (text: string) => results[Number(text.slice(0, text.indexOf(' ')))];
          const fake = new FakeFunction(({ records }) => ({
            records: records
              .map((record) => ({ ...ok(record), result: of(record.text) }))
              .filter(({ result }) => result !== 'missing'),
          }));
          const prefix = `run-${runs}/`;
          const service = await source.run(
            `${fixture.dataFolder}-${runs}`,
            { ...processing({ BufferSizeInMBs }), Prefix: prefix },
            { functions: () => fake.client },
          );
          const put = results.map((_, index) => `${index} `.padEnd(50_000, 'x'));
          for (const text of put) source.put(text);
          await whenDelivered(fixture, service);
          await service.stop();

          const { data, errors } = await found(prefix);
          const textsOf = (...wanted: string[]) => put.filter((text) => wanted.includes(of(text) ?? ''));
          expect(data).toEqual(textsOf('Ok').map((text) => text.toUpperCase()));
          expect(errors.map(({ rawData }) => Buffer.from(rawData, 'base64').toString())).toEqual(
            textsOf('ProcessingFailed', 'missing'),
          );
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('the event of a function', () => {
  it('has a record of a Kinesis stream with its metadata', async () => {
    const arrivalMs = fixture.clock.now();
    const fake = new FakeFunction(({ records }) => ({ records: records.map(ok) }));
    await deliver(fake, ['a']);

    expect(fake.calls[0]?.event).toEqual({
      invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/Lake',
      sourceKinesisStreamArn: streamArn,
      region: 'us-east-1',
      records: [
        {
          recordId: expect.stringMatching(/^\d{56}$/),
          approximateArrivalTimestamp: arrivalMs,
          data: Buffer.from('a').toString('base64'),
          kinesisRecordMetadata: {
            sequenceNumber: '1',
            subsequenceNumber: '',
            partitionKey: 'key-1',
            shardId: 'shard-0',
            approximateArrivalTimestamp: arrivalMs,
          },
        },
      ],
    });
  });

  it('has a record that was put without metadata', async () => {
    const fake = new FakeFunction(({ records }) => ({ records: records.map(ok) }));
    const service = fixture.service(fixture.dataFolder, { functions: () => fake.client });
    await call(service, 'CreateDeliveryStream', {
      DeliveryStreamName: 'Clicks',
      ExtendedS3DestinationConfiguration: { RoleARN: 'r', BucketARN: 'arn:aws:s3:::archive', ...processing() },
    });
    await put(service, 'Clicks', 'a', 'b');
    await whenDelivered(fixture, service);

    expect(fake.calls).toHaveLength(1);
    expect(fake.calls[0]?.event).not.toHaveProperty('sourceKinesisStreamArn');
    expect(fake.calls[0]?.event).not.toHaveProperty('records.0.kinesisRecordMetadata');
    expect((await found()).data).toEqual(['A', 'B']);
  });

  it('has a new invocation id at each attempt, and the same records', async () => {
    const fake = new FakeFunction(() => {
      throw new FunctionFailure();
    });
    await deliver(fake, ['a']);

    expect(new Set(fake.calls.map(({ event }) => JSON.stringify(event))).size).toBe(4);
    expect(new Set(fake.calls.map(({ records }) => records[0]?.recordId)).size).toBe(1);
  });

  it.each([
    ['BufferSizeInMBs', { BufferSizeInMBs: '0.2' }, [2, 2, 1]],
    ['the default of 1 MB', {}, [5]],
  ])('has as many records as %s allows', async (_, parameters, sizes) => {
    const fake = new FakeFunction(({ records }) => ({ records: records.map(ok) }));
    await deliver(
      fake,
      Array.from({ length: 5 }, () => 'x'.repeat(100_000)),
      { parameters },
    );

    expect(fake.calls.map(({ records }) => records.length)).toEqual(sizes);
  });

  it('has the records that arrived within BufferIntervalInSeconds', async () => {
    const fake = new FakeFunction(({ records }) => ({ records: records.map(ok) }));
    const service = await fixture.run(fixture.dataFolder, processing({ BufferIntervalInSeconds: '10' }, 60), {
      functions: () => fake.client,
    });
    for (const text of ['a', 'b', 'c']) {
      fixture.put(text);
      await fixture.clock.advance(6_000);
    }
    await whenDelivered(fixture, service);

    expect(fake.calls.map(({ records }) => records.map(({ text }) => text))).toEqual([['a', 'b'], ['c']]);
  });
});

describe('records that cannot be processed', () => {
  const failedAll = () =>
    new FakeFunction(({ records }) => ({
      records: records.map(({ recordId }) => ({ recordId, result: 'ProcessingFailed' })),
    }));

  it('are told once for each kind in the log stream of the destination, as AWS does', async () => {
    const CloudWatchLoggingOptions = { Enabled: true, LogGroupName: '/deliveries', LogStreamName: 'lake' };
    await deliver(failedAll(), ['a', 'b'], { s3: { CloudWatchLoggingOptions } });

    const [line, ...others] = fixture.logs.lines;
    expect(others).toEqual([]);
    expect(line).toMatchObject({ logGroupName: '/deliveries', logStreamName: 'lake' });
    // https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
    expect(JSON.parse(line?.message ?? '')).toEqual({
      deliveryStreamARN: expect.stringMatching(/^arn:aws:firehose:.*:deliverystream\/Lake$/),
      destination: expect.stringMatching(/^arn:aws:s3:::/),
      deliveryStreamVersionId: 1,
      message: 'ProcessingFailed status set for record',
      errorCode: 'Lambda.ProcessingFailedStatus',
      processor: lambdaArn,
    });
  });

  it('have the documented form', async () => {
    const arrivalTimestamp = fixture.clock.now();
    const { errors } = await deliver(failedAll(), ['a']);

    expect(fixture.logs.lines).toEqual([]);

    expect(errors).toEqual([
      {
        attemptsMade: 1,
        arrivalTimestamp,
        errorCode: 'Lambda.ProcessingFailedStatus',
        errorMessage: 'ProcessingFailed status set for record',
        attemptEndingTimestamp: expect.any(Number),
        rawData: Buffer.from('a').toString('base64'),
        lambdaArn,
      },
    ]);
  });

  // The first: a bucket of https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
  it.each([
    ['by default', {}, /^processing-failed\/2026\/03\/01\/10\/Lake-1-2026-03-01-10-20-30-[0-9a-f-]{36}$/],
    ['with a prefix', { Prefix: 'tweets/' }, /^tweets\/processing-failed\/2026\/03\/01\/10\/Lake-1-/],
    [
      'with an error prefix',
      {
        Prefix: 'tweets/!{timestamp:yyyy/MM/dd/HH}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy}/',
        CompressionFormat: 'GZIP',
      },
      /^errors\/processing-failed\/2026\/Lake-1-.*\.gz$/,
    ],
  ])('are in an object of their own, %s', async (_, s3, key) => {
    const { keys } = await deliver(failedAll(), ['a'], { s3 });

    expect(keys).toEqual([expect.stringMatching(key)]);
  });
});

describe('a delivery with a function', () => {
  const upper = () => new FakeFunction(({ records }) => ({ records: records.map(ok) }));

  it('calls it once, however often S3 fails', async () => {
    let failures = 3;
    fixture.store.beforePut = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('S3 is down');
    };
    const fake = upper();
    const CloudWatchLoggingOptions = { Enabled: true, LogGroupName: '/deliveries', LogStreamName: 'lake' };
    const { data } = await deliver(fake, ['a'], { s3: { CloudWatchLoggingOptions } });

    expect(data).toEqual(['A']);
    expect(fake.calls).toHaveLength(1);
    const codes = fixture.logs.lines.map(({ message }) => JSON.parse(message).errorCode);
    expect(codes).toEqual(['S3.Error', 'S3.Error', 'S3.Error']);
  });

  it('loses nothing when it is killed while the function runs', async () => {
    let folder: string | undefined;
    const hanging = new FakeFunction(async () => {
      folder = await fixture.snapshot();
      return new Promise(() => {});
    });
    await fixture.run(fixture.dataFolder, processing(), { functions: () => hanging.client });
    fixture.put('a');
    while (folder === undefined) await fixture.clock.advance(250);
    const second = await fixture.run(folder, processing(), { functions: () => upper().client });
    await whenDelivered(fixture, second);

    expect((await found()).data).toEqual(['A']);
  });

  it('is described with its defaults', async () => {
    const service = await fixture.run(fixture.dataFolder, processing());

    expect(await call(service, 'DescribeDeliveryStream', { DeliveryStreamName: 'Lake' })).toMatchObject({
      DeliveryStreamDescription: {
        Destinations: [
          {
            ExtendedS3DestinationDescription: {
              ProcessingConfiguration: {
                Enabled: true,
                Processors: [
                  {
                    Type: 'Lambda',
                    Parameters: [
                      { ParameterName: 'LambdaArn', ParameterValue: lambdaArn },
                      { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
                      { ParameterName: 'RoleArn', ParameterValue: expect.any(String) },
                      { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
                      { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
                    ],
                  },
                  { Type: 'AppendDelimiterToRecord' },
                ],
              },
            },
          },
        ],
      },
    });
  });
});
