import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';

import { deliveryMetric } from '../metrics.ts';
import { type AlarmDefinition, persistent } from './alarm-definition.ts';
import { notDelivered } from './not-delivered.ts';

/** The alarms of a delivery stream behind its pipe. */
export function rowDeliveryAlarms(
  name: string,
  deliveryStream: CfnDeliveryStream,
  bufferSeconds: number,
): AlarmDefinition[] {
  return [
    notDelivered(
      `${name}NotDelivered`,
      "Firehose holds rows that it cannot write to the bucket, and drops them after 24 hours. Read the error in the delivery stream's log group; a bucket policy, a key or its role is the usual cause.",
      deliveryStream,
      bufferSeconds,
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
