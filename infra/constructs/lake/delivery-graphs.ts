import { type GraphWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';

import type { StreamDeliverySignals } from '../alarms/stream-delivery-alarms.ts';
import { graph } from '../dashboard-graph.ts';
import {
  bucketMetric,
  deliveryMetric,
  failedRecordsMetric,
  functionMetric,
  queryMetric,
  streamMetric,
} from '../metrics.ts';

/** What the graphs of a delivery stream show. */
export interface DeliveryGraphsProps extends StreamDeliverySignals {
  /** The id of the request metric of what is put under the prefix of errors. */
  errorMetricId: string;
  workGroupName: string;
}

const maximum = { statistic: Stats.MAXIMUM };

/** Two rows of graphs: does it flow, how late is it, what failed, and what is paid for. */
export function deliveryGraphs(props: DeliveryGraphsProps): GraphWidget[][] {
  return [
    [recordsIn(props), readLag(props), freshness(props)],
    [transformation(props), failed(props), costs(props)],
  ];
}

function recordsIn({ stream, deliveryStream }: DeliveryGraphsProps) {
  return graph('Records in', 'records', [
    streamMetric(stream, 'IncomingRecords', { label: 'into the stream' }),
    deliveryMetric(deliveryStream, 'DataReadFromKinesisStream.Records', { label: 'read by Firehose' }),
    deliveryMetric(deliveryStream, 'DeliveryToS3.Records', { label: 'rows delivered' }),
  ]);
}

function readLag({ deliveryStream }: DeliveryGraphsProps) {
  return graph('Lag of Firehose', 'ms', [
    deliveryMetric(deliveryStream, 'KinesisMillisBehindLatest', { ...maximum, label: 'behind the stream' }),
  ]);
}

function freshness({ deliveryStream }: DeliveryGraphsProps) {
  return graph('Age of rows in Firehose', 's', [
    deliveryMetric(deliveryStream, 'DeliveryToS3.DataFreshness', { ...maximum, label: 'oldest row' }),
  ]);
}

function transformation({ transformation }: DeliveryGraphsProps) {
  return graph('Transformation', 'ms', [
    functionMetric(transformation, 'Duration', { statistic: Stats.percentile(50), label: 'median' }),
    functionMetric(transformation, 'Duration', { statistic: Stats.percentile(99), label: '99 %' }),
  ]);
}

function failed({ transformation, deliveryStream, bucket, errorMetricId }: DeliveryGraphsProps) {
  return graph('Failed', 'events', [
    failedRecordsMetric(transformation, { label: 'records that are no rows' }),
    functionMetric(transformation, 'Errors', { label: 'errors of the function' }),
    functionMetric(transformation, 'Throttles', { label: 'throttled invocations' }),
    deliveryMetric(deliveryStream, 'ThrottledGetRecords', { label: 'throttled reads' }),
    bucketMetric(bucket, 'PutRequests', errorMetricId, { label: 'objects of errors' }),
  ]);
}

/** Firehose bills what it reads, Athena what it scans. */
function costs({ deliveryStream, workGroupName }: DeliveryGraphsProps) {
  return graph('Cost: data', 'bytes', [
    deliveryMetric(deliveryStream, 'DataReadFromKinesisStream.Bytes', { label: 'read by Firehose' }),
    deliveryMetric(deliveryStream, 'DeliveryToS3.Bytes', { label: 'written to S3' }),
    queryMetric(workGroupName, 'ProcessedBytes', { label: 'scanned by Athena' }),
  ]);
}
