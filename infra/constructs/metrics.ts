import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

import type { StreamPipe } from './stream-pipe.ts';

/** The sum of a metric, unless the options name another statistic. */
function metric(namespace: string, metricName: string, dimensionsMap: Record<string, string>, options: MetricOptions) {
  return new Metric({ namespace, metricName, dimensionsMap, statistic: Stats.SUM, ...options });
}

/** AWS: "Logging and monitoring Amazon EventBridge Pipes". */
export function pipeMetric({ pipeName }: StreamPipe, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/EventBridge/Pipes', name, { PipeName: pipeName }, options);
}

/** Metrics of the whole stream, which are free. AWS: "Monitor the Kinesis Data Streams service with CloudWatch". */
export function streamMetric({ streamName }: IStream, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/Kinesis', name, { StreamName: streamName }, options);
}

/** AWS: "Monitoring Step Functions metrics using Amazon CloudWatch". */
export function workflowMetric(stateMachineArn: string, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/States', name, { StateMachineArn: stateMachineArn }, options);
}

/** AWS: "DynamoDB metrics and dimensions". `dimensions` are those besides the table. */
export function tableMetric(
  { tableName }: ITable,
  name: string,
  dimensions: Readonly<Record<string, string>> = {},
  options: MetricOptions = {},
): Metric {
  return metric('AWS/DynamoDB', name, { TableName: tableName, ...dimensions }, options);
}

/** AWS: "Monitor Amazon Data Firehose using CloudWatch metrics". */
export function deliveryMetric({ ref }: CfnDeliveryStream, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/Firehose', name, { DeliveryStreamName: ref }, options);
}

/** AWS: "Available CloudWatch metrics for Amazon SQS". */
export function queueMetric({ queueName }: IQueue, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/SQS', name, { QueueName: queueName }, options);
}

/** A request metric of the bucket; docs/adr/0004. `FilterId` is one of `requestMetricIds`. */
export function bucketMetric(
  { bucketName }: IBucket,
  name: string,
  FilterId: string,
  options: MetricOptions = {},
): Metric {
  return metric('AWS/S3', name, { BucketName: bucketName, FilterId }, options);
}

/** AWS: "Monitoring with CloudWatch metrics" of CloudWatch Logs. */
export function logMetric({ logGroupName }: ILogGroup, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/Logs', name, { LogGroupName: logGroupName }, options);
}

/** What functions/flatten-removals publishes itself. `dimensions` are those besides the function. */
export function flattenMetric(
  { functionName }: IFunction,
  name: 'ErrorRows' | 'LagSeconds',
  dimensions: Readonly<Record<string, string>> = {},
  options: MetricOptions = {},
): Metric {
  return metric('TweetPipes', name, { FunctionName: functionName, ...dimensions }, options);
}

/** AWS: "Types of metrics for Lambda functions". */
export function functionMetric({ functionName }: IFunction, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/Lambda', name, { FunctionName: functionName }, options);
}

/** Records that functions/flatten-tweets made no row of; it publishes the metric itself. */
export function failedRecordsMetric({ functionName }: IFunction, options: MetricOptions = {}): Metric {
  return metric('TweetPipes', 'FailedRecords', { FunctionName: functionName }, options);
}

/** What functions/forget-tweets publishes itself. */
export function forgettingMetric(
  { functionName }: IFunction,
  name: 'OldestDeletionSeconds' | 'ForgottenTweets' | 'RemovedRows' | 'SearchedBytes',
  options: MetricOptions = {},
): Metric {
  return metric('TweetPipes', name, { FunctionName: functionName }, options);
}

/** AWS: "Monitor Athena query metrics with CloudWatch". Of queries that succeed. */
export function queryMetric(WorkGroup: string, name: string, options: MetricOptions = {}): Metric {
  return metric('AWS/Athena', name, { WorkGroup, QueryState: 'SUCCEEDED', QueryType: 'DML' }, options);
}
