import type { Clock } from '@tweet-pipes/kit/clock';
import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import type { StreamRecord } from './sources/record.ts';

/** Counts one read of a stream, before any filter. */
export type CountRead = (records: readonly StreamRecord[]) => void;

/**
 * The metrics of a stream that its reader causes: of a Kinesis stream
 * (https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html) or of the stream of a table
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html).
 */
export function countReads(
  sourceArn: string,
  clock: Pick<Clock, 'now'>,
  delivery: MetricDelivery = noMetricDelivery,
): CountRead {
  const [, , service, , , resource = ''] = sourceArn.split(':');
  if (service === 'dynamodb') {
    const [, TableName = '', , ...label] = sourceArn.slice(sourceArn.indexOf(':table/') + 1).split('/');
    return tableStreamReads({ TableName, Operation: 'GetRecords', StreamLabel: label.join('/') }, delivery);
  }
  return kinesisReads(resource.slice(resource.indexOf('/') + 1), clock, delivery);
}

function kinesisReads(StreamName: string, clock: Pick<Clock, 'now'>, delivery: MetricDelivery): CountRead {
  const metric = (metricName: string, unit: string) =>
    delivery.metric({ namespace: 'AWS/Kinesis', metricName, dimensions: { StreamName }, unit });
  const records = metric('GetRecords.Records', 'Count');
  const bytes = metric('GetRecords.Bytes', 'Bytes');
  const success = metric('GetRecords.Success', 'Count');
  const age = metric('GetRecords.IteratorAgeMilliseconds', 'Milliseconds');
  return (read) => {
    success.add(1);
    records.add(read.length);
    let sum = 0;
    for (const { event } of read) sum += Buffer.byteLength(String(event.data), 'base64');
    bytes.add(sum);
    // The age of the last record. A read without records is at the tip.
    const last = read.at(-1);
    age.add(last === undefined ? 0 : Math.max(0, clock.now() - last.arrivalMs));
  };
}

function tableStreamReads(dimensions: Readonly<Record<string, string>>, delivery: MetricDelivery): CountRead {
  const metric = (metricName: string, unit: string) =>
    delivery.metric({ namespace: 'AWS/DynamoDB', metricName, dimensions, unit });
  const count = metric('ReturnedRecordsCount', 'Count');
  const bytes = metric('ReturnedBytes', 'Bytes');
  return (read) => {
    if (read.length === 0) return;
    count.add(read.length);
    let sum = 0;
    for (const record of read) sum += record.bytes;
    bytes.add(sum);
  };
}
