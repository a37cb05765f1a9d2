import { expect, it } from '@jest/globals';
import { noUnits } from '@tweet-pipes/local-aws/meter/metered';
import { countedFor, paidUnits, scaledUsage } from '../../src/costs/usage.ts';
import { coreFacts, emptyStack } from './facts.ts';

const units = { ...noUnits, kinesisPutUnits: 10, kinesisIngestedBytes: 10_240, kinesisReadBytes: 5_000 };
const keptForAYear = { logRetentionDays: 365, objectRetentionDays: 365 };

it('takes of the stream what its mode is billed by', () => {
  const onDemand = paidUnits(units, { ...keptForAYear, isOnDemand: true });
  expect(onDemand).toMatchObject({ kinesisIngestedBytes: 10_240, kinesisReadBytes: 5_000 });
  expect(onDemand).not.toHaveProperty('kinesisPutUnits');
  const provisioned = paidUnits(units, { ...keptForAYear, isOnDemand: false });
  expect(provisioned).toMatchObject({ kinesisPutUnits: 10 });
  expect(provisioned).not.toHaveProperty('kinesisReadBytes');
});

it('counts what is kept for as many months as it is kept', () => {
  const kept = { ...noUnits, workflowLogBytes: 60, functionLogBytes: 30, pipeLogBytes: 10, s3StoredBytes: 7 };
  const counted = paidUnits(kept, { ...keptForAYear, isOnDemand: true });
  expect(counted.logStoredByteMonths).toBeCloseTo(1_200);
  expect(counted.s3StoredByteMonths).toBeCloseTo(84);
});

it('counts for each stack what it used and keeps; the tables are those of the core', () => {
  const facts = coreFacts({ tweetRetentionDays: 365, deletionRetentionDays: 73 });
  const Lake = { ...emptyStack, objectRetentionDays: 730, logRetentionDays: 1 };
  const usage = { units: { Core: units, Lake: { ...noUnits, s3StoredBytes: 7 } }, tweetBytes: 100, deletionBytes: 50 };
  const counted = countedFor(usage, { ...facts, stacks: { ...facts.stacks, Lake } });
  expect(counted.Core?.dynamodbStoredByteMonths).toBeCloseTo(100 * 12 + 50 * 2.4);
  expect(counted.Core?.dynamodbRecoveryByteMonths).toBe(counted.Core?.dynamodbStoredByteMonths);
  expect(counted.Core?.kinesisReadBytes).toBe(5_000);
  expect(counted.Lake?.s3StoredByteMonths).toBeCloseTo(7 * 24);
  expect(counted.Lake).not.toHaveProperty('dynamodbStoredByteMonths');
});

it('grows in proportion', () => {
  expect(scaledUsage({ units: { Core: units, Lake: units }, tweetBytes: 3, deletionBytes: 5 }, 4)).toMatchObject({
    units: { Core: { kinesisPutUnits: 40 }, Lake: { kinesisReadBytes: 20_000 } },
    tweetBytes: 12,
    deletionBytes: 20,
  });
});
