import { isJsonObject } from '@tweet-pipes/kit/json';
import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import { recordBytes } from './kinesis-record-size.ts';

type Members = Readonly<Record<string, unknown>>;

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

  /** Counts a call that succeeded, or did in part. */
  count(operation: string, input: Members, output: Members, elapsedMs: number): void {
    if (operation === 'PutRecord') {
      const metrics = this.#of(input);
      const bytes = recordBytes(input);
      metrics.IncomingRecords.add(1);
      metrics.IncomingBytes.add(bytes);
      metrics['PutRecord.Success'].add(1);
      metrics['PutRecord.Bytes'].add(bytes);
      metrics['PutRecord.Latency'].add(elapsedMs);
    }
    if (operation === 'PutRecords' && Array.isArray(input.Records)) {
      const metrics = this.#of(input);
      const results: unknown[] = Array.isArray(output.Records) ? output.Records : [];
      let [bytes, failed] = [0, 0];
      for (const [index, record] of input.Records.entries()) {
        const result = results[index];
        if (isJsonObject(result) && typeof result.ErrorCode === 'string') failed += 1;
        else if (isJsonObject(record)) bytes += recordBytes(record);
      }
      const put = input.Records.length - failed;
      metrics.IncomingRecords.add(put);
      metrics.IncomingBytes.add(bytes);
      metrics['PutRecords.Success'].add(put > 0 ? 1 : 0);
      metrics['PutRecords.Bytes'].add(bytes);
      metrics['PutRecords.Latency'].add(elapsedMs);
      metrics['PutRecords.TotalRecords'].add(input.Records.length);
      metrics['PutRecords.SuccessfulRecords'].add(put);
      metrics['PutRecords.FailedRecords'].add(failed);
    }
  }

  #of(input: Members): ReturnType<typeof streamMetrics> {
    const name = String(input.StreamName ?? input.StreamARN).replace(/^.*:stream\//, '');
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
