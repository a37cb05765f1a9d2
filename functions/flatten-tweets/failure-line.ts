import type { FailedRecord } from './flatten-tweets.ts';

/** A line names so many records; all are counted. */
const mostNamed = 100;

/**
 * The line that publishes `FailedRecords` (namespace `TweetPipes`, dimension `FunctionName`) through the log, and names
 * the records and their reasons, which Firehose does not tell. It holds nothing of what the records say.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function failureLine(failed: readonly FailedRecord[], functionName: string, nowMs: number): string {
  return JSON.stringify({
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: 'TweetPipes',
          Dimensions: [['FunctionName']],
          Metrics: [{ Name: 'FailedRecords', Unit: 'Count' }],
        },
      ],
    },
    FunctionName: functionName,
    FailedRecords: failed.length,
    records: failed.slice(0, mostNamed),
  });
}
