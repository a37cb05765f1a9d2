import type { JsonObject } from '@tweet-pipes/kit/json';

/** One metric of the embedded format: what CloudWatch reads, and the members that hold dimensions and value. */
export interface EmbeddedMetric {
  declaration: { Namespace: 'TweetPipes'; Dimensions: [string[]]; Metrics: [{ Name: string; Unit: string }] };
  members: JsonObject;
}

/** A metric of the namespace `TweetPipes`. `members` holds its value, and its dimensions but `FunctionName`. */
export function embeddedMetric(name: string, unit: string, dimensions: string[], members: JsonObject): EmbeddedMetric {
  return {
    declaration: { Namespace: 'TweetPipes', Dimensions: [dimensions], Metrics: [{ Name: name, Unit: unit }] },
    members,
  };
}

/**
 * The line of a function's log that publishes metrics, with the details that a reader of the log wants.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(
  metrics: readonly EmbeddedMetric[],
  functionName: string,
  nowMs: number,
  details: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    _aws: { Timestamp: nowMs, CloudWatchMetrics: metrics.map(({ declaration }) => declaration) },
    FunctionName: functionName,
    ...Object.assign({}, ...metrics.map(({ members }) => members)),
    ...details,
  });
}
