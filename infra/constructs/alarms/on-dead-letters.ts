import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

import { queueMetric } from '../metrics.ts';
import { type AlarmDefinition, atOnce } from './alarm-definition.ts';

/** What an alarm on the first message of a dead-letter queue watches, and when it goes off. */
export function onDeadLetters(deadLetterQueue: IQueue): Pick<AlarmDefinition, 'metric' | 'patience'> {
  return {
    metric: queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible', {
      statistic: Stats.MAXIMUM,
      period: atOnce.period,
    }),
    patience: atOnce,
  };
}
