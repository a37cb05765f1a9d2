import { describe, it } from '@jest/globals';

import { synthesizeForAssertions } from '../synthesis.ts';

describe('TweetStream', () => {
  it('is an encrypted on-demand stream by default', () => {
    synthesizeForAssertions().hasResourceProperties('AWS::Kinesis::Stream', {
      RetentionPeriodHours: 24,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    });
  });

  it('has the shards and the retention that the options say', () => {
    synthesizeForAssertions({ shards: '4', streamRetentionHours: 48 }).hasResourceProperties('AWS::Kinesis::Stream', {
      ShardCount: 4,
      RetentionPeriodHours: 48,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });
  });
});
