import { describe, expect, it } from '@jest/globals';

import { ofType, synthesize } from '../synthesis.ts';

const template = synthesize();

/** The properties of the table behind an output. */
function table(output: string, from = template): Record<string, unknown> | undefined {
  const tables = ofType(from, 'AWS::DynamoDB::Table');
  const id = Object.keys(tables).find((logicalId) => JSON.stringify(from.Outputs[output]).includes(logicalId));
  return id === undefined ? undefined : tables[id];
}

const key = (name: string) => ({
  KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: name, AttributeType: 'S' }],
});
const shared = {
  BillingMode: 'PAY_PER_REQUEST',
  DeletionProtectionEnabled: true,
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

  it('can be deleted if nothing is to be retained', () => {
    const tables = Object.values(ofType(synthesize({ removal: 'destroy' }), 'AWS::DynamoDB::Table'));

    expect(tables.map(({ DeletionProtectionEnabled }) => DeletionProtectionEnabled)).toEqual(Array(4).fill(undefined));
  });

  it.each([
    [5000, { WriteUnitsPerSecond: 5000 }, undefined],
    [20_000, { WriteUnitsPerSecond: 20_000 }, { ReadUnitsPerSecond: 20_000 }],
  ])('are warm for %i new tweets a second', (warmThroughput, writes, reads) => {
    const warm = synthesize({ warmThroughput });

    expect(table('TweetTableName', warm)?.WarmThroughput).toEqual(writes);
    expect(table('HashtagTableName', warm)?.WarmThroughput).toEqual(writes);
    expect(table('DeletionTableName', warm)?.WarmThroughput).toEqual(reads);
    expect(table('ShardTableName', warm)?.WarmThroughput).toBeUndefined();
  });

  it('lets high-water marks expire and streams nothing of them', () => {
    expect(table('ShardTableName')).toEqual({ ...shared, ...key('shard'), ...expiry });
  });
});
