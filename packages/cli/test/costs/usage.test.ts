import { expect, it } from '@jest/globals';
import { noUnits } from '@tweet-pipes/local-aws/meter/metered';
import { countedFor, scaledUsage } from '../../src/costs/usage.ts';

const options = {
  shards: 'on-demand',
  tweetRetentionDays: 365,
  deletionRetentionDays: 73,
  logRetentionDays: 365,
  archiveRetentionDays: 365,
} as const;
const units = { ...noUnits, kinesisPutUnits: 10, kinesisIngestedBytes: 10_240, kinesisReadBytes: 5_000 };

it('takes of the stream what its mode is billed by', () => {
  const usage = { units, tweetBytes: 0, deletionBytes: 0 };
  const onDemand = countedFor(usage, options);
  expect(onDemand).toMatchObject({ kinesisIngestedBytes: 10_240, kinesisReadBytes: 5_000 });
  expect(onDemand).not.toHaveProperty('kinesisPutUnits');
  const provisioned = countedFor(usage, { ...options, shards: 2 });
  expect(provisioned).toMatchObject({ kinesisPutUnits: 10 });
  expect(provisioned).not.toHaveProperty('kinesisReadBytes');
});

it('counts what is kept for as many months as it is kept', () => {
  const kept = { ...noUnits, workflowLogBytes: 60, functionLogBytes: 30, pipeLogBytes: 10, s3StoredBytes: 7 };
  const counted = countedFor({ units: kept, tweetBytes: 100, deletionBytes: 50 }, options);
  expect(counted.dynamodbStoredByteMonths).toBeCloseTo(100 * 12 + 50 * 2.4);
  expect(counted.dynamodbRecoveryByteMonths).toBe(counted.dynamodbStoredByteMonths);
  expect(counted.logStoredByteMonths).toBeCloseTo(1_200);
  expect(counted.s3StoredByteMonths).toBeCloseTo(84);
});

it('grows in proportion', () => {
  expect(scaledUsage({ units, tweetBytes: 3, deletionBytes: 5 }, 4)).toMatchObject({
    units: { kinesisPutUnits: 40, kinesisReadBytes: 20_000 },
    tweetBytes: 12,
    deletionBytes: 20,
  });
});
