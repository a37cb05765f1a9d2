import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Template, templateSchema } from '@tweet-pipes/local-aws/assembly/template';
import { synthesize } from '../../../../test/infra/synthesis.ts';
import { standingFor } from '../../src/costs/standing.ts';

let template: Template;
beforeAll(() => {
  template = templateSchema.parse(synthesize());
});

describe('a month of a stack in which nothing happens', () => {
  it('has an on-demand stream by the hour, and no shards', () => {
    const standing = standingFor(template, { shards: 'on-demand', streamRetentionHours: 24 });
    expect(standing).toMatchObject({ onDemandStreamHours: 730, shardHours: 0, extendedRetentionShardHours: 0 });
  });

  it('has shards by the hour, and their retention beyond a day', () => {
    const standing = standingFor(template, { shards: 3, streamRetentionHours: 48 });
    expect(standing).toMatchObject({ onDemandStreamHours: 0, shardHours: 2_190, extendedRetentionShardHours: 2_190 });
  });

  it('counts alarms, keys and polled table streams of the template', () => {
    const { alarmMonths, keyMonths, tableStreamPolls } = standingFor(template, {
      shards: 1,
      streamRetentionHours: 24,
    });
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(alarmMonths).toBe(types.filter((type) => type === 'AWS::CloudWatch::Alarm').length);
    expect(keyMonths).toBe(1);
    expect(tableStreamPolls).toBe(2 * 4 * 730 * 3_600);
  });
});
