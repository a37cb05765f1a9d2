import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { DataBucket } from './data-bucket.ts';

/** The folders of the bucket. Each ends in `/`. */
export const bucketPrefixes = {
  /** Archive files, by table and hour. */
  deleted: 'deleted/',
  /** What Firehose could not deliver, by table. */
  errors: 'errors/',
  /** Records that the workflow cannot use, by shard. */
  quarantine: 'quarantine/',
  /** Records whose hashtags were not counted because the order of the stream was broken (docs/adr/0011). */
  outOfOrder: 'quarantine/out-of-order/',
} as const;

/** The ids of the request metrics that alarms read (docs/adr/0004). */
export const requestMetricIds = {
  quarantine: 'Quarantine',
  outOfOrder: 'OutOfOrder',
  deliveryErrors: 'DeliveryErrors',
} as const;

/** The bucket of the archive and of the quarantine. */
export class ArchiveBucket extends DataBucket {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      config,
      retentionDays: [
        [bucketPrefixes.deleted, config.archiveRetentionDays],
        [bucketPrefixes.errors, config.archiveRetentionDays],
        [bucketPrefixes.quarantine, config.quarantineRetentionDays],
      ],
      metrics: [
        { id: requestMetricIds.quarantine, prefix: bucketPrefixes.quarantine },
        { id: requestMetricIds.outOfOrder, prefix: bucketPrefixes.outOfOrder },
        { id: requestMetricIds.deliveryErrors, prefix: bucketPrefixes.errors },
      ],
      writers: 'the roles of this stack',
    });
  }
}
