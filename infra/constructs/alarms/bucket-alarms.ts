import type { IBucket } from 'aws-cdk-lib/aws-s3';

import { bucketPrefixes, requestMetricIds } from '../archive-bucket.ts';
import { bucketMetric } from '../metrics.ts';
import { type AlarmDefinition, atOnce } from './alarm-definition.ts';

/** The alarms for objects that should not be there; docs/adr/0004. */
export function bucketAlarms(bucket: IBucket): AlarmDefinition[] {
  const put = (filter: string) => ({
    metric: bucketMetric(bucket, 'PutRequests', filter, { period: atOnce.period }),
    patience: atOnce,
  });
  return [
    {
      name: 'Quarantine',
      description: `Records could not be used; each lies under ${bucketPrefixes.quarantine} with its reason. Repair the producer and send them again.`,
      ...put(requestMetricIds.quarantine),
    },
    {
      name: 'OutOfOrder',
      description:
        'The order of the stream was broken and counters may lack these records. Find the cause, then run "npx tweet-pipes reconcile".',
      ...put(requestMetricIds.outOfOrder),
    },
    {
      name: 'DeliveryErrors',
      description: `Firehose wrote rows under ${bucketPrefixes.errors} because it could not deliver them as they are. Each object says why and holds the rows; put them into the archive by hand.`,
      ...put(requestMetricIds.deliveryErrors),
    },
  ];
}
