import type { MiddlewareObj } from '@middy/core';

import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { errorRows } from './flatten-removals.ts';

/**
 * Publishes the metric `ErrorRows` (namespace `TweetPipes`, dimension `FunctionName`) for a batch that has any, through
 * the log: a batch that is half errors otherwise looks like a success. Written to stdout itself: the console of Lambda
 * puts a timestamp in front.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function errorRowsMetric(
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
  now: () => number = Date.now,
): MiddlewareObj<Json, JsonObject[]> {
  return {
    name: 'error-rows-metric',
    after: ({ response, context }) => {
      const count = errorRows(response ?? []);
      if (count === 0) return;
      const metric = {
        Namespace: 'TweetPipes',
        Dimensions: [['FunctionName']],
        Metrics: [{ Name: 'ErrorRows', Unit: 'Count' }],
      };
      write(
        JSON.stringify({
          _aws: { Timestamp: now(), CloudWatchMetrics: [metric] },
          FunctionName: context.functionName,
          ErrorRows: count,
        }),
      );
    },
  };
}
