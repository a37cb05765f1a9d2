import { describe, expect, it } from '@jest/globals';
import middy from '@middy/core';
import * as z from 'zod';

import { embeddedMetric, metricLine } from '../../../functions/embedded-metrics.ts';
import { archiveMetrics } from '../../../functions/flatten-removals/archive-metrics.ts';
import { type ExecutionEnd, MeasuredServices } from '../../../packages/local-aws/test/cloudwatch/measured-services.ts';
import { arn, deployed, exportedTable } from '../iam/physical.ts';
import { ofType, type StackName, type SynthesizedTemplate, synthesizeAll } from '../synthesis.ts';

const MINUTE_MS = 60_000;
/** With every alarm that there can be. */
const templates = synthesizeAll({ sentiment: 'comprehend' });

/** What a template becomes, and its resources by type and the begin of their logical id. */
class DeployedStack {
  readonly #template: SynthesizedTemplate;

  constructor(stack: StackName) {
    this.#template = deployed(templates[stack]);
  }

  /** The name of the resource, which is its logical id here. */
  name(type: string, begin: string): string {
    const [name, ...others] = Object.keys(ofType(this.#template, type)).filter((id) => id.startsWith(begin));
    if (name === undefined || others.length > 0) throw new Error(`There is not one ${type} that begins with ${begin}.`);
    return name;
  }

  of(type: string): [id: string, properties: Record<string, unknown>][] {
    return Object.entries(ofType(this.#template, type));
  }
}

const core = new DeployedStack('TweetPipes');
const lake = new DeployedStack('TweetLake');
const sales = new DeployedStack('SalesLake');
const stacks: Record<StackName, DeployedStack> = { TweetPipes: core, TweetLake: lake, SalesLake: sales };

/** What one minute does to the services. */
type Minute = (services: MeasuredServices) => Promise<void> | void;

/** A part of a stack: a minute in which all is well, and faults by the name of the alarm that tells them. */
interface Subject {
  readonly normal: Minute;
  readonly faults: Readonly<Record<string, Minute>>;
}

const streamOfTable = (table: string) => arn('dynamodb', `table/${table}/stream/2026-11-20T00:00:00.000`);

interface PipeParts {
  readonly pipe: string;
  readonly deadLetters: string;
  /** Records come to the source. */
  readonly arrive: Minute;
  /** The pipe reads records of this age. */
  read(services: MeasuredServices, ageMs: number): Promise<void> | void;
  /** What the target does when an execution succeeds. */
  readonly deliver: Minute;
  readonly hasLag: boolean;
}

function pipe(name: string, { pipe, deadLetters, arrive, read, deliver, hasLag }: PipeParts): Subject {
  const run =
    (end: ExecutionEnd, ageMs = 1_000): Minute =>
    async (services) => {
      await arrive(services);
      await read(services, ageMs);
      await services.execute(pipe, end);
      if (end === 'succeeds' || end === 'fails in part') await deliver(services);
      services.measureQueue(deadLetters, 0);
    };
  const lag: Record<string, Minute> = {
    [`${name}PartiallyFailing`]: run('fails in part', 10 * MINUTE_MS),
    [`${name}Lag`]: run('succeeds', 20 * MINUTE_MS),
  };
  return {
    normal: run('succeeds'),
    faults: {
      [`${name}Stopped`]: arrive,
      [`${name}Failing`]: run('fails'),
      [`${name}TimedOut`]: run('hangs'),
      [`${name}Throttled`]: run('is throttled'),
      [`${name}DeadLetters`]: async (services) => {
        await run('succeeds')(services);
        services.measureQueue(deadLetters, 1);
      },
      ...(hasLag ? lag : {}),
    },
  };
}

/** Rows on a delivery stream that are put there. */
function rowDelivery(name: string, deliveryStream: string): Subject {
  const normal: Minute = (services) => {
    services.delivery(deliveryStream).incoming([Buffer.from('{}')]);
    services.delivery(deliveryStream).done(1, 2, services.clock.now() - MINUTE_MS);
  };
  return {
    normal,
    faults: {
      [`${name}NotDelivered`]: notDelivered(deliveryStream),
      [`${name}DeliveryThrottled`]: async (services) => {
        const input = { DeliveryStreamName: deliveryStream, Records: [{}, {}] };
        await services.throttle('firehose', 'PutRecordBatch', 'ServiceUnavailableException', input);
      },
    },
  };
}

function notDelivered(deliveryStream: string): Minute {
  return (services) => services.delivery(deliveryStream).age(services.clock.now() - 120 * MINUTE_MS);
}

/** A queue for runs of a function that failed. */
function runs(name: string, deadLetters: string): Subject {
  return {
    normal: (services) => services.measureQueue(deadLetters, 0),
    faults: { [name]: (services) => services.measureQueue(deadLetters, 1) },
  };
}

/** Objects under a prefix where none should be. */
function objects(name: string, bucket: string, key: string): Subject {
  return {
    normal: (services) => services.putObject(bucket, 'deleted/tweets/2026/11/29/11/rows.gz'),
    faults: { [name]: (services) => services.putObject(bucket, key) },
  };
}

interface StreamDeliveryParts {
  readonly stream: string;
  readonly deliveryStream: string;
  readonly transformation: string;
  readonly bucket: string;
  /** Of an object that tells of records which became no rows. */
  readonly errorKey: string;
}

/** A delivery stream that reads a Kinesis stream. */
function streamDelivery(name: string, parts: StreamDeliveryParts): Subject {
  const { stream, deliveryStream, transformation } = parts;
  const run =
    (ageMs: number, fails = false): Minute =>
    (services) => {
      services.put(stream, 10);
      services.read(arn('kinesis', `stream/${stream}`), ageMs);
      const delivery = services.delivery(deliveryStream);
      delivery.read(services.clock.now() - ageMs);
      delivery.taken([{ data: Buffer.from('{}') }]);
      services.invoke(transformation, fails);
      delivery.done(1, 2, services.clock.now() - MINUTE_MS);
    };
  return {
    normal: run(500),
    faults: {
      [`${name}Stopped`]: (services) => services.put(stream, 10),
      [`${name}Lag`]: run(20 * MINUTE_MS),
      [`${name}Throttled`]: (services) => services.delivery(deliveryStream).readThrottled(),
      [`${name}TransformationFailing`]: run(500, true),
      [`${name}NotDelivered`]: notDelivered(deliveryStream),
      [`${name}Errors`]: (services) => services.putObject(parts.bucket, parts.errorKey),
    },
  };
}

const flatten = core.name('AWS::Lambda::Function', 'FlattenRemovals');
const archiveBucket = core.name('AWS::S3::Bucket', 'ArchiveBucket').toLowerCase();

/** The function of the archives gives rows of this age, and its log has its metrics. */
async function flattenRows(services: MeasuredServices, rows: readonly object[]): Promise<void> {
  const handler = middy(async () => rows).use(
    archiveMetrics(
      (line) => services.log('/flatten', line),
      () => services.clock.now(),
    ),
  );
  await handler([], Object.assign(Object.create(null), { functionName: flatten }));
}

function archive(name: string, table: string, label: string, removals: readonly Minute[]): [Subject, Subject] {
  const deliveryStream = core.name('AWS::KinesisFirehose::DeliveryStream', `${name}DeliveryStream`);
  const ofPipe = pipe(name, {
    pipe: core.name('AWS::Pipes::Pipe', `${name}Pipe`),
    deadLetters: core.name('AWS::SQS::Queue', `${name}DeadLetters`),
    async arrive(services) {
      for (const removal of removals) await removal(services);
    },
    async read(services, ageMs) {
      services.read(streamOfTable(table));
      const removed_at = new Date(services.clock.now() - ageMs).toISOString();
      await flattenRows(services, [{ table: label, removed_at }]);
    },
    deliver: (services) => services.delivery(deliveryStream).incoming([Buffer.from('{}')]),
    hasLag: true,
  });
  return [ofPipe, rowDelivery(name, deliveryStream)];
}

const tweetStream = core.name('AWS::Kinesis::Stream', 'TweetStream');
const ingestWorkflow = arn('states', `stateMachine:${core.name('AWS::StepFunctions::StateMachine', 'IngestWorkflow')}`);
const [tweets, hashtags] = ['TablesTweets', 'TablesHashtags'].map((begin) => core.name('AWS::DynamoDB::Table', begin));
const sentimentDelivery = lake.name('AWS::KinesisFirehose::DeliveryStream', 'SentimentDeliveryStream');
/** The name that the stack gives the log group of the workflow. */
const sentimentLogs = String(
  lake.of('AWS::Logs::LogGroup').find(([id]) => id.startsWith('SentimentWorkflowLogs'))?.[1].LogGroupName,
);
const orders = sales.name('AWS::DynamoDB::Table', 'Orders');
const forget = lake.name('AWS::Lambda::Function', 'ForgettingForgetTweets');

/** The log line of the function that forgets, which publishes the age of the oldest deletion. */
function oldestDeletion(hours: number): Minute {
  return (services) => {
    const metric = embeddedMetric('OldestDeletionSeconds', 'Seconds', ['FunctionName'], {
      OldestDeletionSeconds: hours * 3600,
    });
    services.log('/forget', metricLine([metric], forget, services.clock.now()));
  };
}

const executionEvent = (type: string, details: object) => JSON.stringify({ id: '1', type, details });

const subjects: Record<StackName, readonly Subject[]> = {
  TweetPipes: [
    pipe('Ingest', {
      pipe: core.name('AWS::Pipes::Pipe', 'IngestPipe'),
      deadLetters: core.name('AWS::SQS::Queue', 'IngestDeadLetters'),
      arrive: (services) => services.put(tweetStream, 100),
      read: (services, ageMs) => services.read(arn('kinesis', `stream/${tweetStream}`), ageMs),
      deliver: (services) => services.workflow(ingestWorkflow, 'SUCCEEDED'),
      hasLag: true,
    }),
    ...archive('TweetArchive', tweets ?? '', 'tweets', [
      (services) => services.expire(tweets ?? '', 3),
      (services) => services.call(tweets ?? '', 'TransactWriteItems', 4),
    ]),
    ...archive('HashtagArchive', hashtags ?? '', 'hashtags', [
      (services) => services.call(hashtags ?? '', 'DeleteItem'),
    ]),
    {
      normal: (services) =>
        flattenRows(services, [{ table: 'tweets', removed_at: new Date(services.clock.now()).toISOString() }]),
      faults: { ArchiveErrorRows: (services) => flattenRows(services, [{ error: 'Unknown', error_message: 'x' }]) },
    },
    objects('Quarantine', archiveBucket, 'quarantine/shardId-000000000000/1.json'),
    objects('OutOfOrder', archiveBucket, 'quarantine/out-of-order/shardId-000000000000/1.json'),
    objects('DeliveryErrors', archiveBucket, 'errors/processing-failed/2026/11/29/11/rows'),
  ],
  TweetLake: [
    streamDelivery('Lake', {
      stream: 'TweetStream',
      deliveryStream: lake.name('AWS::KinesisFirehose::DeliveryStream', 'DeliveryStream'),
      transformation: lake.name('AWS::Lambda::Function', 'FlattenTweets'),
      bucket: lake.name('AWS::S3::Bucket', 'Bucket').toLowerCase(),
      errorKey: 'errors/processing-failed/2026/11/29/11/tweets',
    }),
    runs('ForgettingFailed', lake.name('AWS::SQS::Queue', 'ForgettingDeadLetters')),
    { normal: oldestDeletion(3), faults: { ForgettingLate: oldestDeletion(25) } },
    pipe('Sentiment', {
      pipe: lake.name('AWS::Pipes::Pipe', 'SentimentPipe'),
      deadLetters: lake.name('AWS::SQS::Queue', 'SentimentDeadLetters'),
      arrive: (services) => services.call(exportedTable, 'BatchExecuteStatement', 25),
      read: (services) => services.read(streamOfTable(exportedTable)),
      deliver: (services) => services.delivery(sentimentDelivery).incoming([Buffer.from('{}')]),
      hasLag: false,
    }),
    rowDelivery('Sentiment', sentimentDelivery),
    {
      normal: (services) =>
        services.log(sentimentLogs, executionEvent('TaskSucceeded', { resource: 'batchDetectSentiment' })),
      faults: {
        SentimentComprehendErrors: (services) =>
          services.log(sentimentLogs, executionEvent('TaskFailed', { error: 'Comprehend.ThrottlingException' })),
      },
    },
  ],
  SalesLake: [
    pipe('Orders', {
      pipe: sales.name('AWS::Pipes::Pipe', 'OrderPipe'),
      deadLetters: sales.name('AWS::SQS::Queue', 'OrderPipeDeadLetters'),
      arrive: (services) => services.call(orders, 'PutItem'),
      read: (services) => services.read(streamOfTable(orders)),
      deliver: (services) => services.put(sales.name('AWS::Kinesis::Stream', ''), 1),
      hasLag: false,
    }),
    streamDelivery('Sales', {
      stream: sales.name('AWS::Kinesis::Stream', ''),
      deliveryStream: sales.name('AWS::KinesisFirehose::DeliveryStream', 'DeliveryStream'),
      transformation: sales.name('AWS::Lambda::Function', 'FlattenOrders'),
      bucket: sales.name('AWS::S3::Bucket', 'Bucket').toLowerCase(),
      errorKey: 'errors/processing-failed/2026/11/29/11/orders',
    }),
    runs('GeneratorFailed', sales.name('AWS::SQS::Queue', 'GeneratorDeadLetters')),
  ],
};

const bucketFilters = z.array(z.object({ Id: z.string(), Prefix: z.string() })).default([]);
const metricFilter = z.object({
  FilterPattern: z.string(),
  LogGroupName: z.string(),
  MetricTransformations: z.array(
    z.object({ MetricName: z.string(), MetricNamespace: z.string(), MetricValue: z.string() }),
  ),
});

/** Services with the stack's filters and these of its alarms. */
async function servicesOf(stack: DeployedStack, alarms: ReadonlyMap<string, object>): Promise<MeasuredServices> {
  const services = new MeasuredServices();
  for (const [bucket, { MetricsConfigurations }] of stack.of('AWS::S3::Bucket')) {
    for (const { Id, Prefix } of bucketFilters.parse(MetricsConfigurations)) {
      services.putBucketFilter(bucket.toLowerCase(), Id, Prefix);
    }
  }
  for (const [filterName, properties] of stack.of('AWS::Logs::MetricFilter')) {
    const { FilterPattern, LogGroupName, MetricTransformations } = metricFilter.parse(properties);
    const metricTransformations = MetricTransformations.map(({ MetricName, MetricNamespace, MetricValue }) => ({
      ...{ metricName: MetricName, metricNamespace: MetricNamespace, metricValue: MetricValue },
    }));
    await services.putMetricFilter({
      filterName,
      filterPattern: FilterPattern,
      logGroupName: LogGroupName,
      metricTransformations,
    });
  }
  for (const [name, properties] of alarms) services.putAlarm(name, properties);
  return services;
}

function alarmsOf(stack: DeployedStack): Map<string, Record<string, unknown>> {
  return new Map(
    stack.of('AWS::CloudWatch::Alarm').map(([id, properties]) => [id.replace(/^Alarms|[0-9A-F]{8}$/g, ''), properties]),
  );
}

/** Repeats a minute until the condition holds. False if it does not within so many minutes. */
async function repeat(
  services: MeasuredServices,
  minutes: number,
  minute: Minute,
  until: () => boolean,
): Promise<boolean> {
  for (let passed = 0; passed < minutes; passed += 1) {
    await minute(services);
    await services.passMinute();
    if (until()) return true;
  }
  return false;
}

describe.each(['TweetPipes', 'TweetLake', 'SalesLake'] as const)('the alarms of %s', (stackName) => {
  const stack = stacks[stackName];
  const alarms = alarmsOf(stack);
  const faults = subjects[stackName].flatMap(({ normal, faults }) =>
    Object.entries(faults).map(([alarm, minute]) => ({ alarm, minute, normal })),
  );

  it('have a fault each', () => {
    expect(faults.map(({ alarm }) => alarm).sort()).toEqual([...alarms.keys()].sort());
  });

  it('are quiet while all is well, and while nothing happens', async () => {
    const services = await servicesOf(stack, alarms);
    const states = () => [...alarms.keys()].map((name) => services.stateOf(name));
    const rings = () => states().includes('ALARM');
    const normal: Minute = async (each) => {
      for (const { normal } of subjects[stackName]) await normal(each);
    };

    expect(await repeat(services, 45, normal, rings)).toBe(false);
    expect(await repeat(services, 45, () => {}, rings)).toBe(false);
    expect(new Set(states())).toEqual(new Set(['OK']));
  });

  it.each(faults)(
    '$alarm rings within an hour, tells its topic and is quiet again',
    async ({ alarm, minute, normal }) => {
      const properties = alarms.get(alarm) ?? {};
      const services = await servicesOf(stack, new Map([[alarm, properties]]));
      const isIn = (state: string) => () => services.stateOf(alarm) === state;
      await repeat(services, 20, normal, () => false);
      expect(services.stateOf(alarm)).toBe('OK');
      const beganMs = services.clock.now();

      expect(await repeat(services, 60, minute, isIn('ALARM'))).toBe(true);
      expect(services.clock.now() - beganMs).toBeLessThanOrEqual(60 * MINUTE_MS);
      expect(services.published).toEqual(properties.AlarmActions);
      expect(await repeat(services, 90, normal, isIn('OK'))).toBe(true);
    },
  );
});
