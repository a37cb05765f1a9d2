import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { Alarms } from '../../src/cloudwatch/alarms/alarms.ts';
import { metricAlarmSettings } from '../../src/cloudwatch/api/alarm-input.ts';
import { LogMetrics } from '../../src/cloudwatch/log-metrics.ts';
import { MetricStore } from '../../src/cloudwatch/store/metric-store.ts';
import { throttleMetrics } from '../../src/cloudwatch/throttle-metrics.ts';
import { DynamoDbMetrics } from '../../src/engines/dynamodb-metrics.ts';
import { KinesisMetrics } from '../../src/engines/kinesis-metrics.ts';
import { QueueMetrics } from '../../src/engines/queue-metrics.ts';
import { S3RequestMetrics } from '../../src/engines/s3-request-metrics.ts';
import { DeliveryMetrics } from '../../src/firehose/delivery-metrics.ts';
import { AwsError } from '../../src/gateway/aws-error.ts';
import type { WireRequest } from '../../src/gateway/wire.ts';
import { FunctionMetrics } from '../../src/lambda/function-metrics.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { execute } from '../../src/pipes/execution.ts';
import { PipeLog } from '../../src/pipes/log.ts';
import { PipeMetrics } from '../../src/pipes/pipe-metrics.ts';
import { countReads } from '../../src/pipes/read-metrics.ts';
import { ExecutionMetrics } from '../../src/states/api/execution-metrics.ts';
import { FakeTarget, failure, noVariables, recordOf } from '../pipes/fixture.ts';

/** How an execution of a pipe ends. */
export type ExecutionEnd = 'succeeds' | 'fails' | 'fails in part' | 'is throttled' | 'hangs';

const MINUTE_MS = 60_000;
const context = { region: 'us-east-1', accountId: '000000000000', requestId: '1', accessKeyId: 'test' };

/**
 * The parts of the runtime's services that put metrics, on a manual clock, and the alarms over them. What would have to
 * be waited for or broken on a disk is told to them.
 */
export class MeasuredServices {
  readonly clock = new ManualClock(Date.parse('2026-11-29T11:00:00Z'));
  readonly metrics = new MetricStore(this.clock);
  readonly #published: string[] = [];
  readonly #alarms = new Alarms({
    ...{ clock: this.clock, store: this.metrics, region: 'us-east-1', accountId: '000000000000' },
    publish: async (topicArn) => void this.#published.push(topicArn),
  });
  readonly #kinesis = new KinesisMetrics(this.metrics);
  readonly #dynamodb = new DynamoDbMetrics(this.metrics);
  readonly #queues = new QueueMetrics(this.metrics);
  readonly #buckets = new S3RequestMetrics(this.metrics);
  readonly #workflows = new ExecutionMetrics(this.metrics);
  readonly #logs = new LogMetrics(this.metrics, this.clock);
  readonly #random = seededRandom(1);

  /** The topics that messages were published to. */
  get published(): readonly string[] {
    return this.#published;
  }

  /** Creates an alarm by the properties of a template, whose intrinsic functions are resolved. */
  putAlarm(name: string, properties: object): void {
    this.#alarms.put(metricAlarmSettings({ ...properties, AlarmName: name }));
  }

  stateOf(alarm: string): string {
    return this.#alarms.get(alarm).state;
  }

  /** Lets a minute pass and evaluates the alarms. */
  async passMinute(): Promise<void> {
    await this.clock.advance(MINUTE_MS);
    this.#alarms.evaluate();
    await this.#alarms.settled();
  }

  /** PutRecords on a Kinesis stream. */
  put(StreamName: string, records: number): void {
    this.#kinesis.count('PutRecords', { StreamName }, { records, failed: 0, bytes: 100 * records }, 5);
  }

  /** A pipe reads a stream, of Kinesis or of a table. */
  read(sourceArn: string, ageMs = 0): void {
    countReads(sourceArn, this.clock, this.metrics)([{ ...recordOf(1), arrivalMs: this.clock.now() - ageMs }]);
  }

  /** An execution of a pipe over one record. One that hangs takes six minutes. */
  async execute(pipe: string, end: ExecutionEnd): Promise<void> {
    const target = new FakeTarget();
    target.behaviour = () => {
      switch (end) {
        case 'succeeds':
          return undefined;
        case 'fails':
          throw failure('customer');
        case 'is throttled':
          throw failure('internal', 'ThrottlingException');
        case 'fails in part':
          return { batchItemFailures: [{ itemIdentifier: recordOf(2).eventId }] };
        case 'hangs':
          return this.clock.sleep(6 * MINUTE_MS).then(() => {
            throw failure('customer');
          });
      }
    };
    const running = execute(
      [recordOf(1), recordOf(2)],
      {
        meter: unmetered,
        metrics: new PipeMetrics(pipe, this.metrics),
        target: { call: target, template: undefined },
        variables: noVariables,
        clock: this.clock,
        random: this.#random,
        log: new PipeLog({ resourceArn: pipe, level: 'OFF', includeExecutionData: false }),
      },
      new AbortController().signal,
    );
    await setImmediate();
    if (end === 'hangs') await this.clock.advance(6 * MINUTE_MS);
    await running;
  }

  /** An execution of a workflow ends. */
  workflow(stateMachineArn: string, status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT'): void {
    const stopMs = this.clock.now();
    const billing = { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 };
    this.#workflows.ended(stateMachineArn, { status, startMs: stopMs - 50, stopMs }, billing);
  }

  /** A call on a table, with the units that it consumes. */
  call(table: string, operation: string, units = 1): void {
    const tables = new Set<string>();
    this.#dynamodb.metered(unmetered, tables).of(table).add('dynamodbWriteUnits', units);
    this.#dynamodb.answered(operation, { statusCode: 200, body: Buffer.alloc(0) }, tables, 2);
  }

  /** Items of a table expire. */
  expire(table: string, items: number): void {
    this.#dynamodb.expired(table, items);
  }

  /** Tells how many messages a queue has. */
  measureQueue(name: string, visible: number): void {
    this.#queues.measure({
      name,
      getAttribute: (attribute) => (attribute.endsWith('Messages') ? String(visible) : '0'),
    });
  }

  /** The metrics of a delivery stream. */
  delivery(deliveryStream: string): DeliveryMetrics {
    return new DeliveryMetrics(deliveryStream, this.clock, this.metrics);
  }

  /** An invocation of a function. */
  invoke(functionName: string, isError: boolean): void {
    new FunctionMetrics(functionName, this.metrics).ended(isError, 20);
  }

  /** Gives a bucket a filter of request metrics. */
  putBucketFilter(bucket: string, Id: string, Prefix: string): void {
    const body = Buffer.from(
      `<MetricsConfiguration><Id>${Id}</Id><Filter><Prefix>${Prefix}</Prefix></Filter></MetricsConfiguration>`,
    );
    this.#buckets.configure('PutBucketMetricsConfiguration', wire('PUT', `/${bucket}?metrics&id=${Id}`, body));
  }

  /** Puts an object. */
  putObject(bucket: string, key: string): void {
    const answer = { statusCode: 200, headers: {}, body: Buffer.alloc(0) };
    this.#buckets.count('PutObject', wire('PUT', `/${bucket}/${key}`, Buffer.from('{}')), answer, 3);
  }

  /** Creates a metric filter, by the members of PutMetricFilter. */
  async putMetricFilter(input: Record<string, unknown>): Promise<void> {
    await this.#logs.operations(() => true).PutMetricFilter?.(input, context);
  }

  /** A log stream of a group gets a line. */
  log(logGroup: string, message: string): void {
    this.#logs.listen(logGroup, 'stream', [{ timestampMs: this.clock.now(), message }]);
  }

  /** A call is throttled at the endpoint. */
  async throttle(service: string, operation: string, error: string, input: object, url = '/'): Promise<void> {
    const call = { service, operation, request: wire('POST', url, Buffer.from(JSON.stringify(input))), context };
    const refused = async () => {
      throw new AwsError(error, 'Slow down.', { statusCode: 503 });
    };
    await throttleMetrics(this.metrics)(call, refused).catch(() => {});
  }
}

function wire(method: string, url: string, body: Buffer): WireRequest {
  return { method, url, headers: {}, body };
}
