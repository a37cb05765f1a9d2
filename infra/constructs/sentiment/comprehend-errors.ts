import { Stack } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

import type { Config } from '../../config.ts';

/**
 * Counts the calls that Comprehend refused or failed in the log of the workflow: AWS has no metric of them, and none of
 * how far a pipe is behind a table stream. Undefined where the log has no failed tasks.
 */
export function comprehendErrors(
  scope: Construct,
  logGroup: ILogGroup | undefined,
  { logLevel }: Pick<Config, 'logLevel'>,
): Metric | undefined {
  if (logGroup === undefined || logLevel === 'FATAL') return undefined;
  const filter = new MetricFilter(scope, 'ComprehendErrors', {
    logGroup,
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.type', '=', 'TaskFailed'),
      FilterPattern.stringValue('$.details.error', '=', 'Comprehend.*'),
    ),
    metricNamespace: 'TweetPipes',
    // A metric of a filter has no dimension for the stack.
    metricName: `${Stack.of(scope).stackName}-ComprehendErrors`,
    metricValue: '1',
  });
  return filter.metric({ statistic: Stats.SUM });
}
