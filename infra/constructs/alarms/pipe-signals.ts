import { Fn } from 'aws-cdk-lib';
import { type IMetric, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type ITable, Operation } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

import { deliveryMetric, flattenMetric, streamMetric, tableMetric, workflowMetric } from '../metrics.ts';
import type { Removal, RemovalArchive } from '../removal-archive.ts';
import type { TweetSentiment } from '../sentiment/tweet-sentiment.ts';
import type { StreamPipe } from '../stream-pipe.ts';
import { streamArnOf } from '../table-stream.ts';
import type { Metrics } from './alarm-definition.ts';

/** What the metrics of AWS tell of a pipe, its source and its target. */
export interface PipeSignals {
  /** Begins the names of the pipe's alarms, such as `Ingest`. */
  name: string;
  pipe: StreamPipe;
  /** Records that came to the source; above 0 whenever some did, as far as AWS reports it. */
  arrivals: Metrics;
  /** Above 0 while the pipe reads records, besides its own metrics. */
  reads: Metrics;
  /** What the target took; above 0 whenever an execution succeeded. */
  delivered: IMetric;
  /** Executions that ended by a time limit of the target. */
  timeouts: Metrics;
  /**
   * The age of the records that the pipe reads. It has no data while the pipe reads nothing. Undefined where nothing
   * tells it.
   */
  lag?: { metric: Metric; unitsPerSecond: number };
  /** Sentence about what `arrivals` do not show; empty if nothing. */
  blindSpot: string;
  /** What to do about dead letters, a sentence. Default: `redrive`. */
  recovery?: string;
}

/** The pipe from the stream to the workflow. */
export function ingestSignals(pipe: StreamPipe, stream: IStream, stateMachineArn: string): PipeSignals {
  return {
    name: 'Ingest',
    pipe,
    arrivals: { arrived: streamMetric(stream, 'IncomingRecords') },
    reads: {},
    delivered: workflowMetric(stateMachineArn, 'ExecutionsSucceeded'),
    timeouts: { workflowTimeouts: workflowMetric(stateMachineArn, 'ExecutionsTimedOut') },
    lag: {
      metric: streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', { statistic: Stats.MAXIMUM }),
      unitsPerSecond: 1000,
    },
    blindSpot: '',
  };
}

/**
 * The pipe from the stream of a table to Firehose. DynamoDB has no metric for what comes to a table's stream. The
 * nearest are items that expired and calls that delete; a call that found nothing to delete counts too. So the records
 * that were read from the stream count as a sign of life, whatever the filter makes of them.
 */
export function archiveSignals(name: string, archive: RemovalArchive, flatten: IFunction): PipeSignals {
  const { pipe, table, label, deliveryStream, removedBy } = archive;
  const arrivals = Object.fromEntries(removedBy.map((removal) => [removal, removalMetric(table, removal)]));
  const lag = flattenMetric(flatten, 'LagSeconds', { Table: label }, { statistic: Stats.MAXIMUM });
  return {
    name,
    pipe,
    arrivals,
    reads: { read: readMetric(table) },
    delivered: deliveryMetric(deliveryStream, 'IncomingRecords'),
    timeouts: {},
    lag: { metric: lag, unitsPerSecond: 1 },
    blindSpot: ` It sees removals by ${removedBy.join(', ')} only.`,
  };
}

/**
 * The pipe from the stream of the table of tweets to Comprehend. AWS counts no items that were stored; the nearest are
 * write units. It does not tell how far a pipe is behind a table stream either.
 */
export function sentimentSignals(
  { pipe, stateMachineArn, deliveryStream }: TweetSentiment,
  tweets: ITable,
): PipeSignals {
  return {
    name: 'Sentiment',
    pipe,
    arrivals: { written: tableMetric(tweets, 'ConsumedWriteCapacityUnits') },
    reads: {},
    delivered: deliveryMetric(deliveryStream, 'IncomingRecords'),
    timeouts: { workflowTimeouts: workflowMetric(stateMachineArn, 'ExecutionsTimedOut') },
    blindSpot: ' Half an hour of nothing but duplicates and delete notices sets it off too.',
  };
}

/** The pipe from the stream of the table of orders to Kinesis. AWS counts no changes; the nearest are write units. */
export function orderSignals(pipe: StreamPipe, orders: ITable, stream: IStream): PipeSignals {
  return {
    name: 'Orders',
    pipe,
    arrivals: { written: tableMetric(orders, 'ConsumedWriteCapacityUnits') },
    reads: { read: readMetric(orders) },
    delivered: streamMetric(stream, 'IncomingRecords'),
    timeouts: {},
    blindSpot: ' Half an hour of writes that change nothing sets it off too.',
    recovery: 'Repair the cause and put the changes on the stream again before the table drops them.',
  };
}

function removalMetric(table: ITable, removal: Removal): Metric {
  const calls = (operation: Operation) =>
    tableMetric(table, 'SuccessfulRequestLatency', { Operation: operation }, { statistic: Stats.SAMPLE_COUNT });
  switch (removal) {
    case 'expiry':
      return tableMetric(table, 'TimeToLiveDeletedItemCount');
    case 'deleteItem':
      return calls(Operation.DELETE_ITEM);
    case 'transactWriteItems':
      return calls(Operation.TRANSACT_WRITE_ITEMS);
  }
}

/** Records read from the stream of a table. The stream's label is the last part of `…:table/<name>/stream/<label>`. */
function readMetric(table: ITable): Metric {
  const StreamLabel = Fn.select(3, Fn.split('/', streamArnOf(table)));
  return tableMetric(table, 'ReturnedRecordsCount', { Operation: Operation.GET_RECORDS, StreamLabel });
}
