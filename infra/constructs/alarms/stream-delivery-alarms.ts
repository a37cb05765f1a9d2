import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

import { bucketMetric, deliveryMetric, functionMetric, streamMetric } from '../metrics.ts';
import { type AlarmDefinition, atOnce, persistent, total, twice, twoQuarterHours, where } from './alarm-definition.ts';
import { notDelivered } from './not-delivered.ts';

/** What tells of a delivery stream that reads a Kinesis stream. */
export interface StreamDeliverySignals {
  stream: IStream;
  deliveryStream: CfnDeliveryStream;
  transformation: IFunction;
  bucket: IBucket;
}

interface DeliverySignals extends StreamDeliverySignals {
  /** Begins the names of the alarms, such as `Lake`. */
  name: string;
  errorPrefix: string;
  /** The id of the request metric of what is put under the prefix of errors. */
  errorMetricId: string;
  /** What to do about objects of errors, the end of a sentence. */
  onErrors: string;
}

/** Firehose reads within seconds; the stream keeps records a day or more. */
const lagMinutes = 15;

/** The alarms of a delivery stream that reads a Kinesis stream. */
export function streamDeliveryAlarms(signals: DeliverySignals, bufferSeconds: number): AlarmDefinition[] {
  return [
    stopped(signals),
    lag(signals),
    throttled(signals),
    transformationFailing(signals),
    notDelivered(
      `${signals.name}NotDelivered`,
      "Firehose holds rows that it cannot write to the bucket. Read the error in the delivery stream's log group; a bucket policy, a key, its role or a table that was changed is the usual cause.",
      signals.deliveryStream,
      bufferSeconds,
    ),
    errors(signals),
  ];
}

/** `KinesisMillisBehindLatest` may fall silent when Firehose reads nothing, so a lag cannot show it. */
function stopped({ name, stream, deliveryStream }: DeliverySignals): AlarmDefinition {
  const arrivals = { arrived: streamMetric(stream, 'IncomingRecords') };
  const reads = { read: deliveryMetric(deliveryStream, 'DataReadFromKinesisStream.Records') };
  return {
    name: `${name}Stopped`,
    description:
      "Records came for half an hour and Firehose read none. Read the error in the delivery stream's log group; its role, or a stream that was replaced, is the usual cause.",
    metric: where(`${total(arrivals)} > 0 AND ${total(reads)} == 0`, { ...arrivals, ...reads }, twoQuarterHours),
    patience: twoQuarterHours,
  };
}

function lag({ name, deliveryStream }: DeliverySignals): AlarmDefinition {
  return {
    name: `${name}Lag`,
    description: `Firehose reads records later than ${lagMinutes} minutes after they came, and the stream drops them when they are as old as its retention. If reads are throttled, give the stream more shards; if not, look for a function that fails.`,
    metric: deliveryMetric(deliveryStream, 'KinesisMillisBehindLatest', {
      statistic: Stats.MAXIMUM,
      period: twice.period,
    }),
    threshold: lagMinutes * 60 * 1000,
    patience: twice,
  };
}

function throttled({ name, deliveryStream }: DeliverySignals): AlarmDefinition {
  return {
    name: `${name}Throttled`,
    description:
      'Kinesis refuses reads of Firehose, because all consumers of a shard share five reads and 2 MB a second. Give the stream more shards, or find the other consumer.',
    metric: deliveryMetric(deliveryStream, 'ThrottledGetRecords', { period: persistent.period }),
    patience: persistent,
  };
}

/** Firehose tries a batch four times. Then its records go to the error prefix. */
function transformationFailing({ name, transformation, errorPrefix }: DeliverySignals): AlarmDefinition {
  const ends = {
    errors: functionMetric(transformation, 'Errors'),
    throttles: functionMetric(transformation, 'Throttles'),
  };
  return {
    name: `${name}TransformationFailing`,
    description: `The function that makes rows fails or is throttled again and again, and Firehose writes its batches under ${errorPrefix} after some attempts. Read the error in the log group of the function.`,
    metric: where(`${total(ends)} > 0`, ends, persistent),
    patience: persistent,
  };
}

function errors({ name, bucket, errorPrefix, errorMetricId, onErrors }: DeliverySignals): AlarmDefinition {
  return {
    name: `${name}Errors`,
    description: `Firehose wrote records under ${errorPrefix} that became no rows. The log of the function names each and why: ${onErrors}`,
    metric: bucketMetric(bucket, 'PutRequests', errorMetricId, { period: atOnce.period }),
    patience: atOnce,
  };
}
