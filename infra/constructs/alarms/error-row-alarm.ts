import type { IFunction } from 'aws-cdk-lib/aws-lambda';

import { flattenMetric } from '../metrics.ts';
import { type AlarmDefinition, atOnce } from './alarm-definition.ts';

/** The alarm for removals that became rows with an error. */
export function errorRowAlarm(flatten: IFunction): AlarmDefinition {
  return {
    name: 'ArchiveErrorRows',
    description:
      'Some removals could not be flattened; they are archived as they came. The columns error and error_message of their rows say why.',
    metric: flattenMetric(flatten, 'ErrorRows', {}, { period: atOnce.period }),
    patience: atOnce,
  };
}
