import { Duration, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketMetrics, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

/** What a bucket keeps, and what is counted in it. */
export interface DataBucketProps extends ConfiguredProps {
  /** Days after which objects expire, by prefix. */
  retentionDays: readonly (readonly [prefix: string, days: number])[];
  /** The request metrics that alarms read (docs/adr/0004). */
  metrics: BucketMetrics[];
  /** Who writes here, as the answer of cdk-nag's finding names them. */
  writers: string;
}

/** A private, encrypted bucket whose objects expire by prefix. */
export class DataBucket extends Bucket {
  constructor(scope: Construct, id: string, { config, retentionDays, metrics, writers }: DataBucketProps) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: removalPolicy(config),
      lifecycleRules: [
        ...retentionDays.map(([prefix, days]) => ({ prefix, expiration: Duration.days(days) })),
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      metrics,
    });
    this.policy?.applyRemovalPolicy(removalPolicy(config));
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: `Server access logs need a second bucket that grows without end. Only ${writers} write here; CloudTrail data events show the rest.`,
    });
  }
}
