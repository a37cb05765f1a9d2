import { Stats } from 'aws-cdk-lib/aws-cloudwatch';

import type { Config } from '../../config.ts';
import type { Forgetting } from '../lake/forgetting.ts';
import { lakeErrorMetricId, lakePrefixes } from '../lake/lake-bucket.ts';
import { forgettingMetric } from '../metrics.ts';
import { type AlarmDefinition, atOnce } from './alarm-definition.ts';
import { onDeadLetters } from './on-dead-letters.ts';
import { type StreamDeliverySignals, streamDeliveryAlarms } from './stream-delivery-alarms.ts';

/** What the alarms of the lake watch. */
export interface LakeSignals extends StreamDeliverySignals {
  /** The job that forgets deleted tweets; undefined if there is none. */
  forgetting: Forgetting | undefined;
}

/** The alarms of the lake. */
export function lakeAlarms(
  { forgetting, ...delivery }: LakeSignals,
  { lakeBufferSeconds }: Pick<Config, 'lakeBufferSeconds'>,
): AlarmDefinition[] {
  const signals = {
    ...delivery,
    name: 'Lake',
    errorPrefix: lakePrefixes.errors,
    errorMetricId: lakeErrorMetricId,
    onErrors: 'what is no tweet is in the quarantine too, and the rest is fed again by hand.',
  };
  return [
    ...streamDeliveryAlarms(signals, lakeBufferSeconds),
    ...(forgetting === undefined ? [] : [forgettingFailed(forgetting), forgettingLate(forgetting)]),
  ];
}

/** X asks to remove deleted content within 24 hours of a request. */
const forgottenWithinHours = 24;

/** Lambda invokes a run that fails twice more. */
function forgettingFailed({ deadLetterQueue }: Forgetting): AlarmDefinition {
  return {
    name: 'ForgettingFailed',
    description:
      'A run that removes deleted tweets failed at each attempt, or could not be started. Read the error in the log group of the function, repair its cause and run "npx tweet-pipes forget".',
    ...onDeadLetters(deadLetterQueue),
  };
}

/** The function publishes the age when a run begins. */
function forgettingLate({ function: job }: Forgetting): AlarmDefinition {
  return {
    name: 'ForgettingLate',
    description: `What a tweet left was still there ${forgottenWithinHours} hours after its deletion. Run "npx tweet-pipes forget", which has no time limit; if runs end before they are done, let them come more often.`,
    metric: forgettingMetric(job, 'OldestDeletionSeconds', { statistic: Stats.MAXIMUM, period: atOnce.period }),
    threshold: forgottenWithinHours * 3600,
    patience: atOnce,
  };
}
