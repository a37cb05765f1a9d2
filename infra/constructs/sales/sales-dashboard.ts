import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmStatusWidget, Dashboard as CloudWatchDashboard, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

import type { SalesSignals } from '../alarms/sales-alarms.ts';
import { graph } from '../dashboard-graph.ts';
import { deliveryGraphs } from '../lake/delivery-graphs.ts';
import { functionMetric, pipeMetric, queueMetric, streamMetric, tableMetric } from '../metrics.ts';
import type { OrderGenerator } from './order-generator.ts';
import { salesErrorMetricId } from './sales-bucket.ts';

/** What the dashboard of the sales lake shows. */
export interface SalesDashboardProps extends SalesSignals {
  alarms: readonly Alarm[];
  workGroupName: string;
}

const maximum = { statistic: Stats.MAXIMUM };

/** One page of the sales lake: are the alarms quiet, do changes flow, how late are they, and what failed. */
export class SalesDashboard extends Construct {
  constructor(scope: Construct, id: string, props: SalesDashboardProps) {
    super(scope, id);
    new CloudWatchDashboard(this, 'Default', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: 24, height: 4, alarms: [...props.alarms] })],
        [changes(props), pipeFailures(props), ...(props.generator === undefined ? [] : [runs(props.generator)])],
        ...deliveryGraphs({ ...props, errorMetricId: salesErrorMetricId }),
      ],
    });
  }
}

function changes({ orders, pipe, stream }: SalesDashboardProps) {
  return graph('Changes', 'changes', [
    tableMetric(orders, 'ConsumedWriteCapacityUnits', {}, { label: 'write units of the table' }),
    pipeMetric(pipe, 'EventCount', { label: 'read by the pipe' }),
    streamMetric(stream, 'IncomingRecords', { label: 'into the stream' }),
  ]);
}

function pipeFailures({ pipe, stream }: SalesDashboardProps) {
  return graph('Pipe: failed', 'events', [
    pipeMetric(pipe, 'ExecutionFailed', { label: 'executions' }),
    pipeMetric(pipe, 'TargetStagePartiallyFailed', { label: 'executions, in part' }),
    streamMetric(stream, 'WriteProvisionedThroughputExceeded', { label: 'throttled records' }),
    queueMetric(pipe.deadLetterQueue, 'ApproximateNumberOfMessagesVisible', { ...maximum, label: 'dead letters' }),
  ]);
}

function runs({ function: job, deadLetterQueue }: OrderGenerator) {
  return graph('Runs of the generator', 'runs', [
    functionMetric(job, 'Invocations', { label: 'started' }),
    functionMetric(job, 'Errors', { label: 'failed' }),
    queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible', { ...maximum, label: 'given up' }),
  ]);
}
