import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';

import { synthesize, synthesizeForAssertions } from '../../synthesis.ts';

const template = synthesizeForAssertions(
  { lakeRetentionDays: 200, quarantineRetentionDays: 20, queryResultRetentionDays: 3 },
  'TweetLake',
);

describe('LakeBucket', () => {
  it('is encrypted, closed to the public and to requests without TLS', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      }),
    });
  });

  it('deletes rows, errors and results of queries when the options say', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          { Prefix: 'tweets/', ExpirationInDays: 200, Status: 'Enabled' },
          { Prefix: 'sentiment/', ExpirationInDays: 200, Status: 'Enabled' },
          { Prefix: 'errors/', ExpirationInDays: 20, Status: 'Enabled' },
          { Prefix: 'query-results/', ExpirationInDays: 3, Status: 'Enabled' },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
        ],
      },
      MetricsConfigurations: [{ Id: 'LakeErrors', Prefix: 'errors/' }],
    });
  });

  it.each([
    ['retain', 'RetainExceptOnCreate'],
    ['destroy', 'Delete'],
  ])('with removal = %s has the policy %s', (removal, policy) => {
    const kept = Object.values(synthesize({ removal }, 'TweetLake').Resources).filter(({ Type }) => /S3/.test(Type));

    expect(kept.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual([policy, policy]);
  });
});
