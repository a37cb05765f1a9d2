import type { MiddlewareObj } from '@middy/core';

import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { errorRows } from './flatten-removals.ts';

/**
 * Publishes the metric `ErrorRows` (namespace `TweetPipes`, dimension `FunctionName`) through the log for a batch that
 * has error rows; without it such a batch looks like a success. Writes to stdout directly, because Lambda's console
 * puts a timestamp in front of each line.
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
