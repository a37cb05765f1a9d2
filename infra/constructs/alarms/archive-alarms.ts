import type { IFunction } from 'aws-cdk-lib/aws-lambda';

import type { Config } from '../../config.ts';
import { deliveryMetric, flattenMetric } from '../metrics.ts';
import type { RemovalArchive } from '../removal-archive.ts';
import { type AlarmDefinition, atOnce, persistent } from './alarm-definition.ts';
import { notDelivered } from './not-delivered.ts';

/** The alarms of an archive behind its pipe. */
export function archiveAlarms(
  name: string,
  { deliveryStream }: RemovalArchive,
  { archiveBufferSeconds }: Pick<Config, 'archiveBufferSeconds'>,
): AlarmDefinition[] {
  return [
    notDelivered(
      `${name}NotDelivered`,
      "Firehose holds rows that it cannot write to the bucket, and drops them after 24 hours. Read the error in the delivery stream's log group; a bucket policy, a key or its role is the usual cause.",
      deliveryStream,
      archiveBufferSeconds,
    ),
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
