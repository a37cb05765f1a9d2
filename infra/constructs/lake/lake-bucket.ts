import { Duration, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { removalPolicy } from '../removal-policy.ts';

/** The folders of the lake's bucket. Each ends in `/`. */
export const lakePrefixes = {
  /** Rows of tweets and delete notices, by hour. */
  tweets: 'tweets/',
  /** Records that Firehose could not deliver, by the kind of error and the hour. */
  errors: 'errors/',
  /** Results of Athena's queries. */
  queryResults: 'query-results/',
} as const;

/** The id of the request metric of what is put under `errors/` (docs/adr/0004). */
export const lakeErrorMetricId = 'LakeErrors';

/** The bucket of the lake. */
export class LakeBucket extends Bucket {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    const expire = (prefix: string, days: number) => ({ prefix, expiration: Duration.days(days) });
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: removalPolicy(config),
      lifecycleRules: [
        expire(lakePrefixes.tweets, config.lakeRetentionDays),
        expire(lakePrefixes.errors, config.quarantineRetentionDays),
        expire(lakePrefixes.queryResults, config.queryResultRetentionDays),
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      metrics: [{ id: lakeErrorMetricId, prefix: lakePrefixes.errors }],
    });
    this.policy?.applyRemovalPolicy(removalPolicy(config));
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs need a second bucket that grows without end. Only the roles of this stack and Athena write here; CloudTrail data events show the rest.',
    });
  }
}
