import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { type ITable, Operation } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import { requestMetricIds } from './archive-bucket.ts';
import { graph, graphWidth } from './dashboard-graph.ts';
import {
  bucketMetric,
  deliveryMetric,
  flattenMetric,
  logMetric,
  pipeMetric,
  queueMetric,
  streamMetric,
  tableMetric,
  workflowMetric,
} from './metrics.ts';
import type { RemovalArchive } from './removal-archive.ts';
import type { StreamPipe } from './stream-pipe.ts';
import type { Tables } from './tables.ts';

/** What the dashboard shows. */
export interface DashboardProps {
  alarms: readonly Alarm[];
  stream: IStream;
  ingest: StreamPipe;
  stateMachineArn: string;
  tables: Tables;
  flatten: IFunction;
  /** By the name that the graphs call them. */
  archives: Readonly<Record<string, RemovalArchive>>;
  bucket: IBucket;
  /** By the name that the graph calls them; undefined for what does not log. */
  logGroups: Readonly<Record<string, ILogGroup | undefined>>;
}

const maximum = { statistic: Stats.MAXIMUM };

/** One page: are the alarms quiet, does it flow, how late is it, where does it hurt, and what does it cost. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    new CloudWatchDashboard(this, 'Default', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: 24, height: 5, alarms: [...props.alarms] })],
        [recordsIn(props), lag(props), executions(props)],
        [latency(props), writeUnits(props), throttles(props)],
        [quarantine(props), deadLetters(props), archiveFreshness(props)],
        costDrivers(props),
      ],
    });
  }
}

function pipesOf({ ingest, archives }: DashboardProps): [string, StreamPipe][] {
  return [
    ['ingest', ingest],
    ...Object.entries(archives).map(([name, { pipe }]): [string, StreamPipe] => [name, pipe]),
  ];
}

function tablesOf({ tables: { hashtags, tweets, deletions, shards } }: DashboardProps): [string, ITable][] {
  return Object.entries({ hashtags, tweets, deletions, shards });
}

function recordsIn(props: DashboardProps): IWidget {
  return graph('Records in', 'records', [
    streamMetric(props.stream, 'IncomingRecords', { label: 'into the stream' }),
    ...pipesOf(props).map(([name, pipe]) => pipeMetric(pipe, 'EventCount', { label: `processed: ${name}` })),
  ]);
}

/** No metric reports while a pipe stands still; its alarm does. */
function lag({ stream, archives, flatten }: DashboardProps): IWidget {
  return new GraphWidget({
    title: 'Lag',
    width: graphWidth,
    left: [streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', { ...maximum, label: 'ingest' })],
    leftYAxis: { min: 0, label: 'ms', showUnits: false },
    right: Object.entries(archives).map(([name, { label: Table }]) =>
      flattenMetric(flatten, 'LagSeconds', { Table }, { ...maximum, label: name }),
    ),
    rightYAxis: { min: 0, label: 's', showUnits: false },
  });
}

function executions({ stateMachineArn, ...props }: DashboardProps): IWidget {
  const ends = { ExecutionsSucceeded: 'succeeded', ExecutionsFailed: 'failed', ExecutionsTimedOut: 'timed out' };
  return graph('Executions by end', 'executions', [
    ...Object.entries(ends).map(([name, label]) => workflowMetric(stateMachineArn, name, { label })),
    ...pipesOf({ stateMachineArn, ...props }).map(([name, pipe]) =>
      pipeMetric(pipe, 'ExecutionFailed', { label: `failed pipe: ${name}` }),
    ),
  ]);
}

function latency({ stateMachineArn, tables: { deletions, hashtags } }: DashboardProps): IWidget {
  const call = (table: ITable, operation: Operation, label: string) =>
    tableMetric(table, 'SuccessfulRequestLatency', { Operation: operation }, { statistic: Stats.AVERAGE, label });
  return graph('Latency', 'ms', [
    workflowMetric(stateMachineArn, 'ExecutionTime', { statistic: Stats.percentile(50), label: 'execution, median' }),
    workflowMetric(stateMachineArn, 'ExecutionTime', { statistic: Stats.percentile(99), label: 'execution, 99 %' }),
    call(deletions, Operation.BATCH_GET_ITEM, 'look for tombstones, mean'),
    call(hashtags, Operation.UPDATE_ITEM, 'count a hashtag, mean'),
  ]);
}

function writeUnits(props: DashboardProps): IWidget {
  return graph(
    'Write units',
    'units',
    tablesOf(props).map(([label, table]) => tableMetric(table, 'ConsumedWriteCapacityUnits', {}, { label })),
  );
}

function throttles(props: DashboardProps): IWidget {
  return graph('Throttled', 'events', [
    streamMetric(props.stream, 'WriteProvisionedThroughputExceeded', { label: 'records into the stream' }),
    ...pipesOf(props).map(([name, pipe]) => pipeMetric(pipe, 'ExecutionThrottled', { label: `pipe: ${name}` })),
    ...tablesOf(props).map(([name, table]) =>
      tableMetric(table, 'WriteThrottleEvents', {}, { label: `writes: ${name}` }),
    ),
    tableMetric(props.tables.hashtags, 'WriteKeyRangeThroughputThrottleEvents', {}, { label: 'one hot hashtag' }),
    ...Object.entries(props.archives).map(([name, { deliveryStream }]) =>
      deliveryMetric(deliveryStream, 'ThrottledRecords', { label: `Firehose: ${name}` }),
    ),
  ]);
}

function quarantine({ bucket, flatten }: DashboardProps): IWidget {
  const put = (filter: string, label: string) => bucketMetric(bucket, 'PutRequests', filter, { label });
  return graph('Quarantine and errors', 'objects', [
    put(requestMetricIds.quarantine, 'quarantined'),
    put(requestMetricIds.outOfOrder, 'out of order'),
    put(requestMetricIds.deliveryErrors, 'not delivered'),
    flattenMetric(flatten, 'ErrorRows', {}, { label: 'rows with an error' }),
  ]);
}

function deadLetters(props: DashboardProps): IWidget {
  return graph(
    'Dead letters',
    'messages',
    pipesOf(props).map(([label, { deadLetterQueue }]) =>
      queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible', { ...maximum, label }),
    ),
  );
}

function archiveFreshness({ archives }: DashboardProps): IWidget {
  return graph(
    'Age of rows in Firehose',
    's',
    Object.entries(archives).map(([label, { deliveryStream }]) =>
      deliveryMetric(deliveryStream, 'DeliveryToS3.DataFreshness', { ...maximum, label }),
    ),
  );
}

/** The largest lines of docs/costs.md that grow with the records. Writes and pipes are above. */
function costDrivers(props: DashboardProps): IWidget[] {
  return [
    graph(
      'Cost: logs',
      'bytes',
      Object.entries(props.logGroups).flatMap(([label, group]) =>
        group === undefined ? [] : [logMetric(group, 'IncomingBytes', { label })],
      ),
    ),
    graph('Cost: data', 'bytes', [
      streamMetric(props.stream, 'IncomingBytes', { label: 'into the stream' }),
      streamMetric(props.stream, 'GetRecords.Bytes', { label: 'out of the stream' }),
      ...Object.entries(props.archives).map(([name, { deliveryStream }]) =>
        deliveryMetric(deliveryStream, 'IncomingBytes', { label: `Firehose: ${name}` }),
      ),
    ]),
    graph('Cost: reads and executions', 'units, ms', [
      ...tablesOf(props).map(([name, table]) =>
        tableMetric(table, 'ConsumedReadCapacityUnits', {}, { label: `read units: ${name}` }),
      ),
      workflowMetric(props.stateMachineArn, 'ExpressExecutionBilledDuration', { label: 'billed ms' }),
    ]),
  ];
}
