import { Duration, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

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
export class ArchiveBucket extends Bucket {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    const expire = (prefix: string, days: number) => ({ prefix, expiration: Duration.days(days) });
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: removalPolicy(config),
      lifecycleRules: [
        expire(bucketPrefixes.deleted, config.archiveRetentionDays),
        expire(bucketPrefixes.errors, config.archiveRetentionDays),
        expire(bucketPrefixes.quarantine, config.quarantineRetentionDays),
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      metrics: [
        { id: requestMetricIds.quarantine, prefix: bucketPrefixes.quarantine },
        { id: requestMetricIds.outOfOrder, prefix: bucketPrefixes.outOfOrder },
        { id: requestMetricIds.deliveryErrors, prefix: bucketPrefixes.errors },
      ],
    });
    this.policy?.applyRemovalPolicy(removalPolicy(config));
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs need a second bucket that grows without end. Only the roles of this stack write here; CloudTrail data events show the rest.',
    });
  }
}
