import { describe, expect, it } from '@jest/globals';

import { ofType, synthesize } from '../synthesis.ts';

const template = synthesize();
const tables = ofType(template, 'AWS::DynamoDB::Table');

/** The properties of the table behind an output. */
function table(output: string): Record<string, unknown> | undefined {
  const id = Object.keys(tables).find((logicalId) => JSON.stringify(template.Outputs[output]).includes(logicalId));
  return id === undefined ? undefined : tables[id];
}

const key = (name: string) => ({
  KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: name, AttributeType: 'S' }],
});
const shared = {
  BillingMode: 'PAY_PER_REQUEST',
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
};
const stream = { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } };
const expiry = { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } };

describe('Tables', () => {
  it('streams the counters, which never expire', () => {
    expect(table('HashtagTableName')).toEqual({ ...shared, ...key('hashtag'), ...stream });
  });

  it('streams the tweets, which expire', () => {
    expect(table('TweetTableName')).toEqual({ ...shared, ...key('id'), ...stream, ...expiry });
  });

  it('lets deletions expire and streams nothing of them', () => {
    expect(table('DeletionTableName')).toEqual({ ...shared, ...key('id'), ...expiry });
  });

  it('lets high-water marks expire and streams nothing of them', () => {
    expect(table('ShardTableName')).toEqual({ ...shared, ...key('shard'), ...expiry });
  });
});
