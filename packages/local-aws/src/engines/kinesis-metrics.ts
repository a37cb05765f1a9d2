import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import type { PutCount } from '../meter/kinesis-units.ts';

type Stream = Readonly<{ StreamName?: unknown; StreamARN?: unknown }>;

/**
 * The metrics of what is put on streams; pipes and Firehose count their own reads.
 * https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
 */
export class KinesisMetrics {
  readonly #delivery: MetricDelivery;
  readonly #streams = new Map<string, ReturnType<typeof streamMetrics>>();

  constructor(delivery: MetricDelivery = noMetricDelivery) {
    this.#delivery = delivery;
  }

  /** Counts a PutRecord or PutRecords that was answered. */
  count(operation: string, stream: Stream, { records, failed, bytes }: PutCount, elapsedMs: number): void {
    const metrics = this.#of(stream);
    metrics.IncomingRecords.add(records);
    metrics.IncomingBytes.add(bytes);
    if (operation === 'PutRecord') {
      metrics['PutRecord.Success'].add(1);
      metrics['PutRecord.Bytes'].add(bytes);
      metrics['PutRecord.Latency'].add(elapsedMs);
    } else {
      metrics['PutRecords.Success'].add(records > 0 ? 1 : 0);
      metrics['PutRecords.Bytes'].add(bytes);
      metrics['PutRecords.Latency'].add(elapsedMs);
      metrics['PutRecords.TotalRecords'].add(records + failed);
      metrics['PutRecords.SuccessfulRecords'].add(records);
      metrics['PutRecords.FailedRecords'].add(failed);
    }
  }

  #of({ StreamName, StreamARN }: Stream): ReturnType<typeof streamMetrics> {
    const name = String(StreamName ?? StreamARN).replace(/^.*:stream\//, '');
    const found = this.#streams.get(name);
    if (found !== undefined) return found;
    const metrics = streamMetrics(name, this.#delivery);
    this.#streams.set(name, metrics);
    return metrics;
  }
}

function streamMetrics(StreamName: string, delivery: MetricDelivery) {
  const metric = (metricName: string, unit = 'Count') =>
    delivery.metric({ namespace: 'AWS/Kinesis', metricName, dimensions: { StreamName }, unit });
  return {
    IncomingRecords: metric('IncomingRecords'),
    IncomingBytes: metric('IncomingBytes', 'Bytes'),
    'PutRecord.Success': metric('PutRecord.Success'),
    'PutRecord.Bytes': metric('PutRecord.Bytes', 'Bytes'),
    'PutRecord.Latency': metric('PutRecord.Latency', 'Milliseconds'),
    'PutRecords.Success': metric('PutRecords.Success'),
    'PutRecords.Bytes': metric('PutRecords.Bytes', 'Bytes'),
    'PutRecords.Latency': metric('PutRecords.Latency', 'Milliseconds'),
    'PutRecords.TotalRecords': metric('PutRecords.TotalRecords'),
    'PutRecords.SuccessfulRecords': metric('PutRecords.SuccessfulRecords'),
    'PutRecords.FailedRecords': metric('PutRecords.FailedRecords'),
  };
}
