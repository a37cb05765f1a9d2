import { describe, expect, it } from '@jest/globals';

import { readConfig } from '../../infra/config.ts';
import { ConfigurationError } from '../../infra/configuration-error.ts';

/** The message that these options cause. */
function refusal(options: Record<string, unknown>): string {
  try {
    readConfig(Object.fromEntries(Object.entries(options).map(([name, value]) => [`tweetPipes:${name}`, value])));
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('readConfig', () => {
  it('needs no option', () => {
    expect(readConfig({})).toEqual({
      shards: 'on-demand',
      notebook: false,
      streamRetentionHours: 24,
      warmThroughput: undefined,
      counterItems: 1,
      tweetRetentionDays: 30,
      deletionRetentionDays: 90,
      ingestBatchSize: 320,
      ingestBatchWindowSeconds: 1,
      ingestRecordAgeSeconds: 82_800,
      archiveBatchSize: 100,
      archiveBatchWindowSeconds: 1,
      archiveRecordAgeSeconds: 82_800,
      maximumRetryAttempts: 10,
      archiveContent: 'full',
      archiveBufferSeconds: 60,
      archiveBufferMebibytes: 5,
      archiveRetentionDays: 365,
      recoveryPeriodInDays: 7,
      quarantineRetentionDays: 90,
      lakeFormat: 'json',
      lakeBufferSeconds: 300,
      lakeBufferMebibytes: 64,
      lakeRetentionDays: 365,
      sentiment: 'off',
      forgetEveryHours: 12,
      queryScanLimitMebibytes: 102_400,
      queryResultRetentionDays: 7,
      salesRatePerMinute: 0,
      salesShards: 1,
      salesTable: undefined,
      logLevel: 'ALL',
      executionData: false,
      tracing: true,
      pipeLogLevel: 'ERROR',
      logRetentionDays: 30,
      alarmEmail: undefined,
      monthlyBudgetUsd: undefined,
      tags: {},
      removal: 'retain',
    });
  });

  it('takes the text of the command line as the value of cdk.json', () => {
    const text = { 'tweetPipes:shards': '4', 'tweetPipes:tracing': 'false', 'tweetPipes:logRetentionDays': '7' };
    const values = { 'tweetPipes:shards': 4, 'tweetPipes:tracing': false, 'tweetPipes:logRetentionDays': 7 };

    expect(readConfig(text)).toEqual(readConfig(values));
    expect(readConfig(text)).toMatchObject({ shards: 4, tracing: false, logRetentionDays: 7 });
  });

  it('leaves the context of others alone', () => {
    expect(readConfig({ 'aws:cdk:bundling-stacks': [], shards: 'many', 'tweetPipesX:shards': 1 })).toEqual(
      readConfig({}),
    );
  });

  it.each([
    ['tweetPipes:shard', 'tweetPipes:shards'],
    ['tweetPipes:archiveBufferSecond', 'tweetPipes:archiveBufferSeconds'],
    ['tweetPipes:loglevel', 'tweetPipes:logLevel'],
    ['tweetpipes:removal', 'tweetPipes:removal'],
    ['tweetPipes:', 'tweetPipes:'],
  ])('refuses %s and offers the closest option', (key, closest) => {
    expect(() => readConfig({ [key]: 1 })).toThrow(`Unknown option ${key}. The closest is ${closest}`);
  });

  it.each([
    ['shards', 0],
    ['shards', '-1'],
    ['shards', 1.5],
    ['shards', ''],
    ['shards', 'ondemand'],
    ['streamRetentionHours', 23],
    ['tweetRetentionDays', null],
    ['ingestBatchSize', 1001],
    ['ingestBatchSize', '1e2'],
    ['archiveBatchSize', 501],
    ['archiveBufferSeconds', 901],
    ['archiveBufferMebibytes', 0],
    ['maximumRetryAttempts', -1],
    ['archiveContent', 'none'],
    ['logLevel', 'all'],
    ['tracing', 'yes'],
    ['executionData', 'all'],
    ['recoveryPeriodInDays', 36],
    ['logRetentionDays', 31],
    ['alarmEmail', 'ops'],
    ['warmThroughput', 3999],
    ['monthlyBudgetUsd', 0],
    ['tags', ''],
    ['tags', 'team'],
    ['tags', 'aws:team=data'],
    ['tags', { team: 'a;b' }],
    ['tags', { team: 1 }],
    ['removal', ['retain']],
  ])('refuses %s = %j and says what it may be', (name, value) => {
    const message = refusal({ [name]: value });

    expect(message).toMatch(new RegExp(`^tweetPipes:${name} must be .+, but is `));
    expect(message).toContain(JSON.stringify(value));
  });

  it('takes tags as an object or as one text', () => {
    const tags = (value: unknown) => readConfig({ 'tweetPipes:tags': value }).tags;

    expect(tags('team=data, stage = test,cost:center=a=b,empty=')).toEqual({
      ...{ team: 'data', stage: 'test', 'cost:center': 'a=b', empty: '' },
    });
    expect(tags({ team: 'data' })).toEqual({ team: 'data' });
  });

  it('wants an address for a budget', () => {
    expect(refusal({ monthlyBudgetUsd: 50, alarmEmail: 'a@example.com' })).toBe('accepted');
    expect(refusal({ monthlyBudgetUsd: 50 })).toContain('set tweetPipes:alarmEmail as well');
  });

  it('names every wrong option at once', () => {
    expect(refusal({ shards: 0, removal: 'maybe' }).split('\n')).toHaveLength(2);
    expect(() => readConfig({ 'tweetPipes:a': 1, 'tweetPipes:b': 1 })).toThrow(/tweetPipes:a.*\n.*tweetPipes:b/);
  });

  it('derives the record age from the retention of the stream, within what a pipe allows', () => {
    const age = (hours: number) => readConfig({ 'tweetPipes:streamRetentionHours': hours }).ingestRecordAgeSeconds;

    expect([24, 100, 169, 700].map(age)).toEqual([23 * 3600, 99 * 3600, 604_800, 604_800]);
  });

  it('leaves an hour between giving a record up and losing it', () => {
    expect(refusal({ ingestRecordAgeSeconds: 82_800 })).toBe('accepted');
    expect(refusal({ ingestRecordAgeSeconds: 82_801 })).toContain('may be at most 82800');
    expect(refusal({ ingestRecordAgeSeconds: 90_000, streamRetentionHours: 26 })).toBe('accepted');
  });

  it.each(['tweetRetentionDays', 'deletionRetentionDays'])(
    'keeps items longer than the stream keeps records: %s',
    (name) => {
      expect(refusal({ [name]: 2 })).toBe('accepted');
      expect(refusal({ [name]: 1 })).toContain(
        `tweetPipes:${name} is 1, which is not longer than the stream retains records`,
      );
      expect(refusal({ [name]: 2, streamRetentionHours: 47 })).toBe('accepted');
      expect(refusal({ [name]: 2, streamRetentionHours: 48 })).toContain(`tweetPipes:${name} is 2`);
    },
  );
});
