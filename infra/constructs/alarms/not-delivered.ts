import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';

import { deliveryMetric } from '../metrics.ts';
import { type AlarmDefinition, twice } from './alarm-definition.ts';

/**
 * AWS asks for an alarm above the buffering limit (AWS: "Implement best practices with CloudWatch Alarms" of Data
 * Firehose).
 */
const freshnessMinutes = 15;

/** The alarm of a delivery stream that holds rows for longer than two of its buffers. */
export function notDelivered(
  name: string,
  description: string,
  deliveryStream: CfnDeliveryStream,
  bufferSeconds: number,
): AlarmDefinition {
  return {
    name,
    description,
    metric: deliveryMetric(deliveryStream, 'DeliveryToS3.DataFreshness', {
      statistic: Stats.MAXIMUM,
      period: twice.period,
    }),
    threshold: Math.max(freshnessMinutes * 60, 2 * bufferSeconds),
    patience: twice,
  };
}
