interface DocumentedMetrics {
  /** The page of AWS's documentation, or the source in this project. */
  source: string;
  /** Each set of dimensions that metrics are reported with, as far as the template uses it → those metrics. */
  byDimensions: Readonly<Record<string, readonly string[]>>;
}

/** Metrics that exist, by namespace. A name that CloudWatch does not know raises no error: its graph stays empty. */
const documentedMetrics: Readonly<Record<string, DocumentedMetrics>> = {
  'AWS/EventBridge/Pipes': {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-monitoring.html',
    byDimensions: {
      PipeName: [
        'Duration',
        'EventCount',
        'EventSize',
        'ExecutionThrottled',
        'ExecutionTimeout',
        'ExecutionFailed',
        'ExecutionPartiallyFailed',
        'EnrichmentStageDuration',
        'EnrichmentStageFailed',
        'Invocations',
        'TargetStageDuration',
        'TargetStageFailed',
        'TargetStagePartiallyFailed',
      ],
    },
  },
  'AWS/Kinesis': {
    source: 'https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html',
    byDimensions: {
      StreamName: [
        'GetRecords.Bytes',
        'GetRecords.IteratorAgeMilliseconds',
        'IncomingBytes',
        'IncomingRecords',
        'WriteProvisionedThroughputExceeded',
      ],
    },
  },
  'AWS/States': {
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html',
    byDimensions: {
      StateMachineArn: [
        'ExecutionTime',
        'ExecutionsFailed',
        'ExecutionsSucceeded',
        'ExecutionsTimedOut',
        'ExpressExecutionBilledDuration',
      ],
    },
  },
  'AWS/DynamoDB': {
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
    byDimensions: {
      TableName: [
        'ConsumedReadCapacityUnits',
        'ConsumedWriteCapacityUnits',
        'TimeToLiveDeletedItemCount',
        'WriteKeyRangeThroughputThrottleEvents',
        'WriteThrottleEvents',
      ],
      'Operation TableName': ['SuccessfulRequestLatency'],
      'Operation StreamLabel TableName': ['ReturnedRecordsCount', 'SuccessfulRequestLatency'],
    },
  },
  'AWS/Firehose': {
    source: 'https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html',
    byDimensions: {
      DeliveryStreamName: [
        'DataReadFromKinesisStream.Bytes',
        'DataReadFromKinesisStream.Records',
        'DeliveryToS3.Bytes',
        'DeliveryToS3.DataFreshness',
        'DeliveryToS3.Records',
        'IncomingBytes',
        'IncomingRecords',
        'KinesisMillisBehindLatest',
        'ThrottledGetRecords',
        'ThrottledRecords',
      ],
    },
  },
  'AWS/SQS': {
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
    byDimensions: { QueueName: ['ApproximateNumberOfMessagesVisible'] },
  },
  'AWS/S3': {
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html',
    byDimensions: { 'BucketName FilterId': ['PutRequests'] },
  },
  'AWS/Logs': {
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html',
    byDimensions: { LogGroupName: ['IncomingBytes'] },
  },
  'AWS/Lambda': {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
    byDimensions: { FunctionName: ['Duration', 'Errors', 'Invocations', 'Throttles'] },
  },
  'AWS/Athena': {
    source: 'https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html',
    byDimensions: { 'QueryState QueryType WorkGroup': ['ProcessedBytes'] },
  },
  TweetPipes: {
    source:
      'functions/flatten-removals/archive-metrics.ts, functions/transformation/failure-line.ts, functions/forget-tweets/forget-tweets.ts, infra/constructs/sentiment/comprehend-errors.ts',
    byDimensions: {
      '': ['TweetLake-ComprehendErrors'],
      FunctionName: [
        'ErrorRows',
        'FailedRecords',
        'ForgottenTweets',
        'OldestDeletionSeconds',
        'RemovedRows',
        'SearchedBytes',
      ],
      'FunctionName Table': ['LagSeconds'],
    },
  },
};

/** Whether the metric is documented with these dimensions, in any order. */
export function isDocumented(namespace: string, name: string, dimensions: readonly string[]): boolean {
  return documentedMetrics[namespace]?.byDimensions[dimensions.toSorted().join(' ')]?.includes(name) ?? false;
}
