import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

import type { Config } from '../../config.ts';
import type { Forgetting } from '../lake/forgetting.ts';
import { lakeErrorMetricId, lakePrefixes } from '../lake/lake-bucket.ts';
import {
  bucketMetric,
  deliveryMetric,
  forgettingMetric,
  functionMetric,
  queueMetric,
  streamMetric,
} from '../metrics.ts';
import { type AlarmDefinition, atOnce, persistent, total, twice, twoQuarterHours, where } from './alarm-definition.ts';
import { notDelivered } from './not-delivered.ts';

/** What the alarms of the lake watch. */
export interface LakeSignals {
  stream: IStream;
  deliveryStream: CfnDeliveryStream;
  transformation: IFunction;
  bucket: IBucket;
  /** The job that forgets deleted tweets; undefined if there is none. */
  forgetting: Forgetting | undefined;
}

/** Firehose reads within seconds; the stream keeps records a day or more. */
const lagMinutes = 15;

/** The alarms of the lake's delivery. */
export function lakeAlarms(signals: LakeSignals, config: Pick<Config, 'lakeBufferSeconds'>): AlarmDefinition[] {
  return [
    stopped(signals),
    lag(signals),
    throttled(signals),
    transformationFailing(signals),
    notDelivered(
      'LakeNotDelivered',
      "Firehose holds rows that it cannot write to the bucket. Read the error in the delivery stream's log group; a bucket policy, a key, its role or a table that was changed is the usual cause.",
      signals.deliveryStream,
      config.lakeBufferSeconds,
    ),
    errors(signals),
    ...(signals.forgetting === undefined
      ? []
      : [forgettingFailed(signals.forgetting), forgettingLate(signals.forgetting)]),
  ];
}

/** X asks to remove deleted content within 24 hours of a request. */
const forgottenWithinHours = 24;

/** `KinesisMillisBehindLatest` may fall silent when Firehose reads nothing, so a lag cannot show it. */
function stopped({ stream, deliveryStream }: LakeSignals): AlarmDefinition {
  const arrivals = { arrived: streamMetric(stream, 'IncomingRecords') };
  const reads = { read: deliveryMetric(deliveryStream, 'DataReadFromKinesisStream.Records') };
  return {
    name: 'LakeStopped',
    description:
      "Records came for half an hour and Firehose read none. Read the error in the delivery stream's log group; its role, or a stream that was replaced, is the usual cause.",
    metric: where(`${total(arrivals)} > 0 AND ${total(reads)} == 0`, { ...arrivals, ...reads }, twoQuarterHours),
    patience: twoQuarterHours,
  };
}

function lag({ deliveryStream }: LakeSignals): AlarmDefinition {
  return {
    name: 'LakeLag',
    description: `Firehose reads records later than ${lagMinutes} minutes after they came, and the stream drops them when they are as old as its retention. If reads are throttled, give the stream more shards; if not, look for a function that fails.`,
    metric: deliveryMetric(deliveryStream, 'KinesisMillisBehindLatest', {
      statistic: Stats.MAXIMUM,
      period: twice.period,
    }),
    threshold: lagMinutes * 60 * 1000,
    patience: twice,
  };
}

function throttled({ deliveryStream }: LakeSignals): AlarmDefinition {
  return {
    name: 'LakeThrottled',
    description:
      'Kinesis refuses reads of Firehose, because all consumers of a shard share five reads and 2 MB a second. Give the stream more shards, or find the other consumer.',
    metric: deliveryMetric(deliveryStream, 'ThrottledGetRecords', { period: persistent.period }),
    patience: persistent,
  };
}

/** Firehose tries a batch four times. Then its records go to the error prefix. */
function transformationFailing({ transformation }: LakeSignals): AlarmDefinition {
  const ends = {
    errors: functionMetric(transformation, 'Errors'),
    throttles: functionMetric(transformation, 'Throttles'),
  };
  return {
    name: 'LakeTransformationFailing',
    description: `The function that makes rows fails or is throttled again and again, and Firehose writes its batches under ${lakePrefixes.errors} after some attempts. Read the error in the log group of the function.`,
    metric: where(`${total(ends)} > 0`, ends, persistent),
    patience: persistent,
  };
}

function errors({ bucket }: LakeSignals): AlarmDefinition {
  return {
    name: 'LakeErrors',
    description: `Firehose wrote records under ${lakePrefixes.errors} that became no rows. The log of the function names each and why: what is no tweet is in the quarantine too, and the rest is fed again by hand.`,
    metric: bucketMetric(bucket, 'PutRequests', lakeErrorMetricId, { period: atOnce.period }),
    patience: atOnce,
  };
}

/** Lambda invokes a run that fails twice more. */
function forgettingFailed({ deadLetterQueue }: Forgetting): AlarmDefinition {
  return {
    name: 'ForgettingFailed',
    description:
      'A run that removes deleted tweets failed at each attempt, or could not be started. Read the error in the log group of the function, repair its cause and run "npx tweet-pipes forget".',
    metric: queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible', {
      statistic: Stats.MAXIMUM,
      period: atOnce.period,
    }),
    patience: atOnce,
  };
}

/** The function publishes the age when a run begins. */
function forgettingLate({ function: job }: Forgetting): AlarmDefinition {
  return {
    name: 'ForgettingLate',
    description: `What a tweet left was still there ${forgottenWithinHours} hours after its deletion. Run "npx tweet-pipes forget", which has no time limit; if runs end before they are done, let them come more often.`,
    metric: forgettingMetric(job, 'OldestDeletionSeconds', { statistic: Stats.MAXIMUM, period: atOnce.period }),
    threshold: forgottenWithinHours * 3600,
    patience: atOnce,
  };
}
