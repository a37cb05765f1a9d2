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
import type { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { requestMetricIds } from './archive-bucket.ts';

/** A pipe with the queue of what it gave up. */
export interface WatchedPipe {
  pipe: CfnPipe;
  deadLetterQueue: IQueue;
}

/** What the alarms watch, and whom they tell. */
export interface AlarmsProps {
  topic: ITopic;
  stream: IStream;
  bucket: IBucket;
  flatten: IFunction;
  /** By the name that its alarms begin with, such as `Ingest`. */
  pipes: Readonly<Record<string, WatchedPipe>>;
}

const period = Duration.minutes(5);

/** A batch takes seconds; a shard that is this far behind does not keep up, or is stuck. */
const iteratorAgeMinutes = 15;

/** Pipes counts these per pipe (AWS: "Logging and monitoring Amazon EventBridge Pipes"). */
const pipeFailures = ['ExecutionFailed', 'ExecutionTimeout', 'TargetStageFailed'] as const;

/** The alarms; docs/runbook.md says what to do when one rings. */
export class Alarms extends Construct {
  readonly #action: IAlarmAction;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#action = new SnsAction(props.topic);
    for (const [name, watched] of Object.entries(props.pipes)) this.#watchPipe(name, watched);
    this.#watchStream(props.stream);
    this.#watchQuarantine(props.bucket);
    this.#ring('ArchiveErrorRows', 'Some removals could not be flattened; their rows in the archive say why.', {
      namespace: 'TweetPipes',
      metricName: 'ErrorRows',
      dimensionsMap: { FunctionName: props.flatten.functionName },
    });
  }

  #watchPipe(name: string, { pipe, deadLetterQueue }: WatchedPipe): void {
    const failures = pipe.enrichment === undefined ? pipeFailures : [...pipeFailures, 'EnrichmentStageFailed'];
    for (const metricName of failures) {
      this.#ring(`${name}${metricName}`, `The pipe's log group says which batches and why.`, {
        namespace: 'AWS/EventBridge/Pipes',
        metricName,
        dimensionsMap: { PipeName: pipe.ref },
      });
    }
    this.#ring(`${name}DeadLetters`, 'The pipe gave records up; follow the pointers before the source forgets them.', {
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensionsMap: { QueueName: deadLetterQueue.queueName },
      statistic: Stats.MAXIMUM,
    });
  }

  #watchStream(stream: IStream): void {
    const description = `Records wait more than ${iteratorAgeMinutes} minutes: the workflow is slower than the producers, or stuck.`;
    this.#ring('StreamIteratorAge', description, {
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
    this.#ring(
      'Quarantine',
      'Records could not be used; each lies under quarantine/ with its reason.',
      putRequests(requestMetricIds.quarantine),
    );
    this.#ring(
      'OutOfOrder',
      'The order of the stream was broken and counters lack these records.',
      putRequests(requestMetricIds.outOfOrder),
    );
  }

  /** Rings as soon as the metric reaches the threshold within five minutes; silence is good. */
  #ring(id: string, alarmDescription: string, metric: RungMetric): void {
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

interface RungMetric {
  namespace: string;
  metricName: string;
  dimensionsMap: Record<string, string>;
  /** Default: the sum. */
  statistic?: string;
  /** Default: 1. */
  threshold?: number;
}
