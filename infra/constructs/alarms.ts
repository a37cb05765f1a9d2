import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import { requestMetricIds } from './archive-bucket.ts';
import type { StreamPipe } from './stream-pipe.ts';

/** What the alarms watch, and the topic that they notify. */
export interface AlarmsProps {
  topic: ITopic;
  stream: IStream;
  bucket: IBucket;
  flatten: IFunction;
  /** By the name that its alarms begin with, such as `Ingest`. */
  pipes: Readonly<Record<string, StreamPipe>>;
}

const period = Duration.minutes(5);

/** A batch takes seconds, so a lag of this length means that the workflow does not keep up or is stuck. */
const iteratorAgeMinutes = 15;

/** Metrics per pipe (AWS: "Logging and monitoring Amazon EventBridge Pipes"). */
const pipeFailures = ['ExecutionFailed', 'ExecutionTimeout', 'TargetStageFailed'] as const;

/** The alarms; docs/runbook.md says what to do about each. */
export class Alarms extends Construct {
  readonly #action: IAlarmAction;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#action = new SnsAction(props.topic);
    for (const [name, pipe] of Object.entries(props.pipes)) this.#watchPipe(name, pipe);
    this.#watchStream(props.stream);
    this.#watchQuarantine(props.bucket);
    this.#alarmOn('ArchiveErrorRows', 'Some removals could not be flattened; their rows in the archive say why.', {
      namespace: 'TweetPipes',
      metricName: 'ErrorRows',
      dimensionsMap: { FunctionName: props.flatten.functionName },
    });
  }

  #watchPipe(name: string, { resource, pipeName, deadLetterQueue }: StreamPipe): void {
    const failures = resource.enrichment === undefined ? pipeFailures : [...pipeFailures, 'EnrichmentStageFailed'];
    for (const metricName of failures) {
      this.#alarmOn(`${name}${metricName}`, `The pipe's log group says which batches and why.`, {
        namespace: 'AWS/EventBridge/Pipes',
        metricName,
        dimensionsMap: { PipeName: pipeName },
      });
    }
    this.#alarmOn(
      `${name}DeadLetters`,
      'The pipe gave records up; follow the pointers before the source forgets them.',
      {
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensionsMap: { QueueName: deadLetterQueue.queueName },
        statistic: Stats.MAXIMUM,
      },
    );
  }

  #watchStream(stream: IStream): void {
    const description = `Records wait more than ${iteratorAgeMinutes} minutes: the workflow is slower than the producers, or stuck.`;
    this.#alarmOn('StreamIteratorAge', description, {
      namespace: 'AWS/Kinesis',
      metricName: 'GetRecords.IteratorAgeMilliseconds',
      dimensionsMap: { StreamName: stream.streamName },
      statistic: Stats.MAXIMUM,
      threshold: iteratorAgeMinutes * 60_000,
    });
  }

  #watchQuarantine(bucket: IBucket): void {
    const putRequests = (FilterId: string) => ({
      namespace: 'AWS/S3',
      metricName: 'PutRequests',
      dimensionsMap: { BucketName: bucket.bucketName, FilterId },
    });
    this.#alarmOn(
      'Quarantine',
      'Records could not be used; each lies under quarantine/ with its reason.',
      putRequests(requestMetricIds.quarantine),
    );
    this.#alarmOn(
      'OutOfOrder',
      'The order of the stream was broken and counters lack these records.',
      putRequests(requestMetricIds.outOfOrder),
    );
  }

  /** Goes off as soon as the metric reaches the threshold within five minutes. Missing data is good. */
  #alarmOn(id: string, alarmDescription: string, metric: WatchedMetric): void {
    const { threshold = 1, statistic = Stats.SUM, ...rest } = metric;
    new Alarm(this, id, {
      alarmDescription,
      metric: new Metric({ ...rest, statistic, period }),
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(this.#action);
  }
}

interface WatchedMetric {
  namespace: string;
  metricName: string;
  dimensionsMap: Record<string, string>;
  /** Default: the sum. */
  statistic?: string;
  /** Default: 1. */
  threshold?: number;
}
