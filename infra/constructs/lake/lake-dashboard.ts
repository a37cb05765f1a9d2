import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmStatusWidget, Dashboard as CloudWatchDashboard, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

import type { LakeSignals } from '../alarms/lake-alarms.ts';
import { graph } from '../dashboard-graph.ts';
import {
  deliveryMetric,
  forgettingMetric,
  functionMetric,
  pipeMetric,
  queueMetric,
  workflowMetric,
} from '../metrics.ts';
import type { TweetSentiment } from '../sentiment/tweet-sentiment.ts';
import { deliveryGraphs } from './delivery-graphs.ts';
import type { Forgetting } from './forgetting.ts';
import { lakeErrorMetricId } from './lake-bucket.ts';

/** What the dashboard of the lake shows. */
export interface LakeDashboardProps extends LakeSignals {
  alarms: readonly Alarm[];
  workGroupName: string;
  /** Undefined if the lake asks for no sentiment. */
  sentiment: TweetSentiment | undefined;
}

const maximum = { statistic: Stats.MAXIMUM };

/** One page of the lake: are the alarms quiet, does it flow, how late is it, what failed, and what is paid for. */
export class LakeDashboard extends Construct {
  constructor(scope: Construct, id: string, props: LakeDashboardProps) {
    super(scope, id);
    new CloudWatchDashboard(this, 'Default', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: 24, height: 4, alarms: [...props.alarms] })],
        ...deliveryGraphs({ ...props, errorMetricId: lakeErrorMetricId }),
        ...(props.forgetting === undefined ? [] : [forgetting(props.forgetting)]),
        ...(props.sentiment === undefined ? [] : [sentimentRow(props.sentiment)]),
      ],
    });
  }
}

/** Comprehend bills documents, which are about the tweets read. */
function sentimentRow({ pipe, stateMachineArn, deliveryStream, comprehendErrors }: TweetSentiment) {
  return [
    graph('Sentiment', 'tweets', [
      pipeMetric(pipe, 'EventCount', { label: 'read from the table' }),
      deliveryMetric(deliveryStream, 'IncomingRecords', { label: 'rows' }),
    ]),
    graph('Sentiment: failed', 'events', [
      ...(comprehendErrors === undefined ? [] : [comprehendErrors.with({ label: 'calls of Comprehend' })]),
      workflowMetric(stateMachineArn, 'ExecutionsFailed', { label: 'executions' }),
      queueMetric(pipe.deadLetterQueue, 'ApproximateNumberOfMessagesVisible', { ...maximum, label: 'dead letters' }),
    ]),
    graph('Sentiment: time', 'ms', [
      workflowMetric(stateMachineArn, 'ExecutionTime', { statistic: Stats.percentile(50), label: 'execution, median' }),
      workflowMetric(stateMachineArn, 'ExecutionTime', { statistic: Stats.percentile(99), label: 'execution, 99 %' }),
    ]),
  ];
}

function forgetting({ function: job, deadLetterQueue }: Forgetting) {
  return [
    graph('Forgotten', 'tweets', [
      forgettingMetric(job, 'ForgottenTweets', { label: 'deleted tweets' }),
      forgettingMetric(job, 'RemovedRows', { label: 'rows and records removed' }),
    ]),
    graph('Age of deletions', 's', [
      forgettingMetric(job, 'OldestDeletionSeconds', { ...maximum, label: 'oldest when a run began' }),
    ]),
    graph('Runs of forgetting', 'runs', [
      functionMetric(job, 'Invocations', { label: 'started' }),
      functionMetric(job, 'Errors', { label: 'failed' }),
      queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible', { ...maximum, label: 'given up' }),
    ]),
  ];
}
