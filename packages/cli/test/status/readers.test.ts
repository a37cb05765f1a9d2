import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { formatPosition } from '@tweet-pipes/kit/position';
import { readAlarms } from '../../src/status/alarms.ts';
import { readDeliveryStream } from '../../src/status/delivery-streams.ts';
import { errorBefore, errorText } from '../../src/status/last-error.ts';
import { MetricReader, ResourceMetrics } from '../../src/status/metrics.ts';
import { readPipe } from '../../src/status/pipes.ts';
import { readQuarantine } from '../../src/status/quarantine.ts';
import { labelOf } from '../../src/status/resources.ts';
import { readStreamLag } from '../../src/status/stream-lag.ts';
import { fakeClients as answering } from '../console/fake-clients.ts';

const nowMs = Date.parse('2026-11-29T12:00:30Z');

/** Clients whose calls a function answers, by the client and the command's input. */
function fakeClients(answers: Partial<Record<string, (command: { input: object }) => object>>): AwsClients {
  const client = (name: string) => ({ send: async (command: { input: object }) => answers[name]?.(command) ?? {} });
  const made = createClients({ endpoint: 'http://127.0.0.1:1' });
  return new Proxy(made, {
    get: (target, name) =>
      name === 'observation'
        ? async () => ({ cloudwatch: client('cloudwatch'), logs: client('logs') })
        : name in answers
          ? client(String(name))
          : Reflect.get(target, name),
  });
}

describe('alarms', () => {
  const since = new Date('2026-11-29T11:50:00Z');
  const named = ['Rings', 'Quiet'].map((name) => ({ stack: 'S', name, label: name }));
  const MetricAlarms = [
    { AlarmName: 'Rings', StateValue: 'ALARM', StateReason: 'above', StateUpdatedTimestamp: since },
    { AlarmName: 'Quiet', StateValue: 'OK', StateReason: 'below', StateUpdatedTimestamp: since },
  ];
  const action = (data: object) => ({ Timestamp: since, HistoryItemType: 'Action', HistoryData: JSON.stringify(data) });
  const read = (answers: Parameters<typeof answering>[0]) =>
    answering({ DescribeAlarmsCommand: () => ({ MetricAlarms }), ...answers }).then((clients) =>
      readAlarms(named, clients),
    );

  it('that ring have the messages that they sent since, and which topic did not take one', async () => {
    const asked: unknown[] = [];
    const [rings, quiet] = await read({
      DescribeAlarmHistoryCommand: (input) => {
        asked.push(input);
        return {
          AlarmHistoryItems: [
            action({ actionState: 'Failed', notificationResource: 'arn:aws:sns:r:1:Gone', error: 'There is none.' }),
            action({ actionState: 'Succeeded', notificationResource: 'arn:aws:sns:r:1:Topic' }),
          ],
        };
      },
    });
    const at = since.toISOString();
    expect(rings?.messages).toEqual({
      known: true,
      value: [
        { at, topic: 'Gone', error: 'There is none.' },
        { at, topic: 'Topic' },
      ],
    });
    expect(quiet).not.toHaveProperty('messages');
    expect(asked).toEqual([{ AlarmName: 'Rings', HistoryItemType: 'Action', StartDate: since, MaxRecords: 10 }]);
  });

  it('are known without the right to read their messages', async () => {
    const [rings] = await read({
      DescribeAlarmHistoryCommand: () => {
        throw new Error('Access denied.');
      },
    });
    expect(rings).toMatchObject({ state: 'ALARM', messages: { known: false, why: 'Access denied' } });
  });
});

describe('the last error of a pipe', () => {
  const name = 'Ingest';
  const shard = { shardId: 's', records: 0, isAtLeast: false, inFlight: 0 };
  const error = { message: 'ValidationException', details: 'Too long.' };
  const read = async ({ failedAttempts, bisects }: { failedAttempts: number; bisects: boolean }) => {
    const LogGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:pipes';
    const parameters = {
      DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
      ...(bisects && { OnPartialBatchItemFailure: 'AUTOMATIC_BISECT' }),
    };
    const clients = await answering({
      DescribePipeCommand: () => ({
        CurrentState: 'RUNNING',
        SourceParameters: { KinesisStreamParameters: parameters },
        LogConfiguration: { CloudwatchLogsLogDestination: { LogGroupArn } },
      }),
      GetQueueUrlCommand: () => ({ QueueUrl: 'http://127.0.0.1:9/dead' }),
      GetQueueAttributesCommand: () => ({ Attributes: {} }),
      GetMetricDataCommand: () => ({ MetricDataResults: [{ Id: 'm1', Values: [1] }] }),
      FilterLogEventsCommand: () => ({ events: [{ timestamp: nowMs, message: JSON.stringify({ error }) }] }),
    });
    const clock = new ManualClock(nowMs);
    const standings = new Map([[name, { name, shards: [{ ...shard, failedAttempts }] }]]);
    const value = { health: 'ready', problems: [], dataFolder: '', freeBytes: 1, faults: {}, denials: [], standings };
    const metrics = new MetricReader(clients, clock, { minutes: 15, freshMs: 0 });
    const local = { known: true, value } as const;
    const pipe = await readPipe({ stack: 'S', name, label: name }, { clients, clock, metrics, local, stacks: [] });
    return pipe.lastError?.known === true ? pipe.lastError.value.text : undefined;
  };

  it('says whether the pipe has got past it', async () => {
    expect(await read({ failedAttempts: 1, bisects: true })).toBe('ValidationException: Too long.');
    expect(await read({ failedAttempts: 0, bisects: false })).toBe(
      'ValidationException: Too long; handled: the pipe sent the records again and went on',
    );
    expect(await read({ failedAttempts: 0, bisects: true })).toBe(
      'ValidationException: Too long; handled: the pipe sent the records again, in halves where a batch failed, and went on',
    );
  });
});

describe('metrics', () => {
  function reader(answer: (queries: { Id: string }[]) => object, freshMs = 0) {
    const inputs: { MetricDataQueries: { Id: string }[]; StartTime: Date; EndTime: Date }[] = [];
    const clients = fakeClients({
      cloudwatch: ({ input }) => {
        const asked = input as (typeof inputs)[number];
        inputs.push(asked);
        return answer(asked.MetricDataQueries);
      },
    });
    const clock = new ManualClock(nowMs);
    return { inputs, clock, metrics: new MetricReader(clients, clock, { minutes: 15, freshMs }) };
  }
  const of = (metrics: MetricReader) => new ResourceMetrics(metrics, 'AWS/States', { StateMachineArn: 'arn' });

  it('are asked for in one call, by the minute, and added up', async () => {
    const { metrics, inputs } = reader(() => ({
      MetricDataResults: [
        { Id: 'm0', Values: [1, 2, 3] },
        { Id: 'm1', Values: [] },
        { Id: 'm2', Values: [7, 9, 8] },
      ],
    }));
    const workflow = of(metrics);
    const [sums, longest] = await Promise.all([
      workflow.sums('ExecutionsStarted', 'ExecutionsFailed'),
      workflow.read('ExecutionTime', 'Maximum'),
    ]);
    expect({ sums, longest }).toEqual({ sums: { ExecutionsStarted: 6, ExecutionsFailed: 0 }, longest: 9 });
    expect(inputs).toMatchObject([
      { StartTime: new Date('2026-11-29T11:46:00Z'), EndTime: new Date('2026-11-29T12:01:00Z') },
    ]);
    expect(inputs[0]?.MetricDataQueries).toHaveLength(3);
  });

  it('that CloudWatch has no values of are not known', async () => {
    const { metrics } = reader(() => ({ MetricDataResults: [{ Id: 'm0', Values: [] }] }));
    await expect(of(metrics).sums('ExecutionsStarted')).rejects.toThrow('no values of the last 15 minutes');
  });

  it('are not read again while they are fresh', async () => {
    const { metrics, clock, inputs } = reader(() => ({ MetricDataResults: [{ Id: 'm0', Values: [1] }] }), 60_000);
    for (const advance of [0, 59_000, 1_000]) {
      await clock.advance(advance);
      await of(metrics).read('ExecutionsStarted', 'Sum');
    }
    expect(inputs).toHaveLength(2);
  });
});

describe('the lag behind a stream', () => {
  const shardId = 'shardId-000000000000';
  const record = (sequence: number, agoMs: number) => ({
    SequenceNumber: String(sequence),
    ApproximateArrivalTimestamp: new Date(nowMs - agoMs),
  });

  it.each([
    ['nothing is behind the high-water mark', [], [], { records: 0, seconds: 0 }],
    ['two records are', [record(6, 9_000), record(7, 1_000)], [], { records: 2, seconds: 9 }],
    ['the older one was given up', [record(6, 9_000), record(7, 1_000)], [6], { records: 1, seconds: 1 }],
  ])('%s', async (_name, Records, givenUp, expected) => {
    const asked: object[] = [];
    const clients = fakeClients({
      kinesis: (command) => {
        asked.push(command.input);
        if (command instanceof ListShardsCommand) return { Shards: [{ ShardId: shardId }] };
        if (command instanceof GetShardIteratorCommand) return { ShardIterator: 'i' };
        return command instanceof GetRecordsCommand ? { Records, MillisBehindLatest: 0 } : {};
      },
      dynamodb: (command) =>
        command instanceof BatchGetItemCommand
          ? { Responses: { shards: [{ shard: { S: shardId }, storedUpTo: { S: formatPosition(shardId, '5') } }] } }
          : {},
    });
    const deadLetters = givenUp.map((sequence) => ({
      ...{ kind: 'kinesis' as const, streamArn: 'arn', shardId, records: 1, condition: 'RetryAttemptsExhausted' },
      ...{ startSequence: String(sequence), endSequence: String(sequence), givenUpMs: nowMs },
    }));
    const clock = new ManualClock(nowMs);
    const lag = await readStreamLag({ clients, clock, streamName: 's', shardTable: 'shards', deadLetters });
    expect(lag).toMatchObject({ ...expected, isAtLeast: false });
    expect(asked).toContainEqual({
      ...{ StreamName: 's', ShardId: shardId, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' },
      StartingSequenceNumber: '5',
    });
  });
});

it.each([
  ['{"type":"ExecutionFailed","details":{"error":"A","cause":"b"}}', 'A: b'],
  ['{"type":"ExecutionTimedOut","details":{}}', undefined],
  ['{"messageType":"EXECUTION_FAILED","error":{"message":"A","details":"b"}}', 'A: b'],
  ['no JSON', undefined],
])('the error in the log event %s', (message, expected) => {
  expect(errorText(message)).toBe(expected);
});

it('records in quarantine are counted by reason, the recent ones apart, and read once', async () => {
  const objects = [
    { Key: 'quarantine/s/1.json', ETag: '1', LastModified: new Date(nowMs - 3_600_000), reason: 'wrong-type: text' },
    { Key: 'quarantine/s/2.json', ETag: '2', LastModified: new Date(nowMs - 60_000), reason: 'no-id' },
    { Key: 'quarantine/s/3.json', ETag: '3', LastModified: new Date(nowMs - 3_600_000), reason: 'wrong-type: lang' },
  ];
  const read: string[] = [];
  const clients = await answering({
    ListObjectsV2Command: () => ({ Contents: objects }),
    GetObjectCommand: ({ Key }) => {
      read.push(String(Key));
      const text = JSON.stringify({ reason: objects.find((each) => each.Key === Key)?.reason });
      return { Body: { transformToString: async () => text } };
    },
  });
  const known = new Map<string, string>();
  const source = { clients, clock: new ManualClock(nowMs) };
  const look = () => readQuarantine(source, 'archive', { minutes: 15, known });
  await look();
  expect(await look()).toMatchObject({
    ...{ objects: 3, recent: 1, recentReasons: [{ reason: 'no-id', objects: 1 }], read: 3 },
    reasons: [
      { reason: 'wrong-type', objects: 2 },
      { reason: 'no-id', objects: 1 },
    ],
  });
  expect(read).toHaveLength(3);
});

it('the newest of what Firehose could not deliver is found behind the first page', async () => {
  const page = (key: string, agoMs: number) => ({ Key: key, LastModified: new Date(nowMs - agoMs) });
  const clients = await answering({
    DescribeDeliveryStreamCommand: () => ({
      DeliveryStreamDescription: {
        DeliveryStreamStatus: 'ACTIVE',
        Destinations: [
          { ExtendedS3DestinationDescription: { BucketARN: 'arn:aws:s3:::lake', ErrorOutputPrefix: 'errors/!{x}' } },
        ],
      },
    }),
    ListObjectsV2Command: ({ Prefix, ContinuationToken }) =>
      Prefix !== 'errors/'
        ? {}
        : ContinuationToken === undefined
          ? { Contents: [page('errors/a', 90_000_000)], IsTruncated: true, NextContinuationToken: 'more' }
          : { Contents: [page('errors/b', 60_000)] },
    GetMetricDataCommand: () => ({ MetricDataResults: [] }),
  });
  const clock = new ManualClock(nowMs);
  const stream = { stack: 'TweetLake', name: 'lake', label: 'TweetLake' };
  const metrics = new MetricReader(clients, clock, { minutes: 15, freshMs: 0 });
  expect((await readDeliveryStream(stream, { clients, clock }, metrics)).errors).toEqual({
    known: true,
    value: { objects: 2, isAtLeast: false, newestAt: '2026-11-29T11:59:30.000Z' },
  });
});

describe('the error before a moment', () => {
  const logged = (timestamp: number, message: string) => ({
    timestamp,
    message: JSON.stringify({ messageType: 'EXECUTION_FAILED', error: { message, details: 'why' } }),
  });

  it('is the last one of the minute before, of all pages', async () => {
    const asked: object[] = [];
    const pages = [
      { events: [logged(nowMs - 900, 'A')], nextToken: 'more' },
      { events: [{ timestamp: nowMs - 5, message: '{"messageType":"TARGET_STAGE_FAILED"}' }, logged(nowMs - 5, 'B')] },
    ];
    const clients = fakeClients({ logs: ({ input }) => (asked.push(input) === 1 ? pages[0] : pages[1]) ?? {} });
    const log = { logGroupName: '/pipe', pattern: '{ $.logLevel = "ERROR" }' };
    expect(await errorBefore(clients, log, nowMs)).toEqual({ at: '2026-11-29T12:00:29.995Z', text: 'B: why' });
    expect(asked[0]).toMatchObject({ logGroupName: '/pipe', startTime: nowMs - 60_000, endTime: nowMs });
  });

  it('is none without a log', async () => {
    expect(await errorBefore(fakeClients({}), { logGroupName: undefined, pattern: '' }, nowMs)).toBeUndefined();
  });
});

it.each([
  ['IngestPipeDCDEA606', 'Ingest'],
  ['IngestWorkflowStateMachine1EDA70A1', 'IngestWorkflow'],
  ['TweetArchiveDeliveryStream4FC8F455', 'TweetArchive'],
  ['TablesTweetsFDA7D831', 'Tweets'],
  ['TweetStream821FC04A', 'TweetStream'],
  ['DeliveryStream0CBD39C1', 'TweetLake'],
])('the logical id %s is called %s', (logicalId, label) => {
  expect(labelOf(logicalId, 'TweetLake')).toBe(label);
});
