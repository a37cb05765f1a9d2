import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

import type { Config } from '../../config.ts';
import { deliveryMetric, flattenMetric } from '../metrics.ts';
import type { RemovalArchive } from '../removal-archive.ts';
import { type AlarmDefinition, atOnce, persistent, twice } from './alarm-definition.ts';

/**
 * AWS asks for an alarm above the buffering limit (AWS: "Implement best practices with CloudWatch Alarms" of Data
 * Firehose).
 */
const freshnessMinutes = 15;

/** The alarms of an archive behind its pipe. */
export function archiveAlarms(
  name: string,
  { deliveryStream }: RemovalArchive,
  { archiveBufferSeconds }: Pick<Config, 'archiveBufferSeconds'>,
): AlarmDefinition[] {
  return [
    {
      name: `${name}NotDelivered`,
      description:
        "Firehose holds rows that it cannot write to the bucket, and drops them after 24 hours. Read the error in the delivery stream's log group; a bucket policy, a key or its role is the usual cause.",
      metric: deliveryMetric(deliveryStream, 'DeliveryToS3.DataFreshness', {
        statistic: Stats.MAXIMUM,
        period: twice.period,
      }),
      threshold: Math.max(freshnessMinutes * 60, 2 * archiveBufferSeconds),
      patience: twice,
    },
    {
      name: `${name}DeliveryThrottled`,
      description:
        'Firehose refuses rows because they exceed its quota; the pipe sends them again. Ask AWS to raise the throughput of the delivery stream.',
      metric: deliveryMetric(deliveryStream, 'ThrottledRecords', { period: persistent.period }),
      patience: persistent,
    },
  ];
}

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
