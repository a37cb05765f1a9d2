import type { Clock } from '@tweet-pipes/kit/clock';
import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';

/** The metrics of a delivery stream: https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html */
export class DeliveryMetrics {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #metrics;

  constructor(deliveryStreamName: string, clock: Pick<Clock, 'now'>, delivery: MetricDelivery = noMetricDelivery) {
    this.#clock = clock;
    const metric = (metricName: string, unit = 'Count') =>
      delivery.metric({
        namespace: 'AWS/Firehose',
        metricName,
        dimensions: { DeliveryStreamName: deliveryStreamName },
        unit,
      });
    this.#metrics = {
      incomingRecords: metric('IncomingRecords'),
      incomingBytes: metric('IncomingBytes', 'Bytes'),
      readRecords: metric('DataReadFromKinesisStream.Records'),
      readBytes: metric('DataReadFromKinesisStream.Bytes', 'Bytes'),
      behindLatest: metric('KinesisMillisBehindLatest', 'Milliseconds'),
      throttledReads: metric('ThrottledGetRecords'),
      deliveredRecords: metric('DeliveryToS3.Records'),
      deliveredBytes: metric('DeliveryToS3.Bytes', 'Bytes'),
      success: metric('DeliveryToS3.Success'),
      freshness: metric('DeliveryToS3.DataFreshness', 'Seconds'),
      objects: metric('DeliveryToS3.ObjectCount'),
    };
  }

  /** Records that were put. */
  incoming(records: readonly Uint8Array[]): void {
    this.#metrics.incomingRecords.add(records.length);
    this.#metrics.incomingBytes.add(records.reduce((sum, { length }) => sum + length, 0));
  }

  /** One read of the source. `lastArrivalMs`: of its last record; undefined for a read without records. */
  read(lastArrivalMs: number | undefined): void {
    this.#metrics.behindLatest.add(lastArrivalMs === undefined ? 0 : Math.max(0, this.#clock.now() - lastArrivalMs));
  }

  readThrottled(): void {
    this.#metrics.throttledReads.add(1);
  }

  /** Records of the source that are in a journal. */
  taken(records: readonly { readonly data: Uint8Array }[]): void {
    this.#metrics.readRecords.add(records.length);
    this.#metrics.readBytes.add(records.reduce((sum, { data }) => sum + data.length, 0));
  }

  /** One object that was put. */
  delivered(): void {
    this.#metrics.objects.add(1);
    this.#metrics.success.add(1);
  }

  notDelivered(): void {
    this.#metrics.success.add(0);
  }

  /** Records that are all in S3, and the bytes of their data as they came. */
  done(records: number, bytes: number, oldestArrivalMs: number): void {
    this.#metrics.deliveredRecords.add(records);
    this.#metrics.deliveredBytes.add(bytes);
    this.age(oldestArrivalMs);
  }

  /** The age of the oldest record that is not in S3. */
  age(oldestArrivalMs: number): void {
    this.#metrics.freshness.add(Math.max(0, this.#clock.now() - oldestArrivalMs) / 1000);
  }
}
