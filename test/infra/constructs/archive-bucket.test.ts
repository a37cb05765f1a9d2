import { describe, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';

import { synthesizeForAssertions } from '../synthesis.ts';

const template = synthesizeForAssertions({ archiveRetentionDays: 200, quarantineRetentionDays: 20 });

describe('ArchiveBucket', () => {
  it('is encrypted and closed to the public', () => {
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
  });

  it('refuses requests without TLS', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      }),
    });
  });

  it('deletes archive files, undelivered rows and quarantined records when the options say', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          { Prefix: 'deleted/', ExpirationInDays: 200, Status: 'Enabled' },
          { Prefix: 'errors/', ExpirationInDays: 200, Status: 'Enabled' },
          { Prefix: 'quarantine/', ExpirationInDays: 20, Status: 'Enabled' },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
        ],
      },
    });
  });

  it('counts the requests that alarms read', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      MetricsConfigurations: [
        { Id: 'Quarantine', Prefix: 'quarantine/' },
        { Id: 'OutOfOrder', Prefix: 'quarantine/out-of-order/' },
        { Id: 'DeliveryErrors', Prefix: 'errors/' },
      ],
    });
  });
});
