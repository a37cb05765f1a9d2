import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { ofType, synthesize } from '../../synthesis.ts';
import {
  alarmsOf,
  expectNamed,
  runbookSections,
  rung,
  unknownMetrics,
  unwatchedMetrics,
  watchedBy,
} from './alarm-fixture.ts';
import { faults, healthyDays } from './days.ts';

const template = synthesize();
const alarms = alarmsOf(template, 'Alarms');

describe('the alarms', () => {
  it.each(Object.entries(healthyDays))('are quiet on %s', (_, day) => {
    expect([...rung(alarms, day).keys()]).toEqual([]);
  });

  it.each(Object.entries(faults))('name it within an hour: %s', (_, fault) => {
    expectNamed(alarms, fault);
  });

  it('each name a fault of this test', () => {
    const named = new Set(Object.values(faults).flatMap(({ alarms: expected }) => expected));

    expect([...named].sort()).toEqual([...alarms.keys()].sort());
  });

  it('watch every metric of the days', () => {
    const days = [...Object.values(healthyDays), ...Object.values(faults).map(({ day }) => day)];

    expect(unwatchedMetrics(alarms, days)).toEqual([]);
  });

  it('watch metrics that exist', () => {
    expect([...alarms.values()].flatMap(watchedBy).length).toBeGreaterThan(alarms.size);
    expect(unknownMetrics(alarms)).toEqual([]);
  });

  it('say in one or two sentences what to do, and where more is', () => {
    for (const [name, { AlarmDescription }] of alarms) {
      const sentences = AlarmDescription.replace(/ It sees removals by [^.]+\.| Steps: .*$/g, '').split('. ');

      expect(AlarmDescription).toMatch(new RegExp(` Steps: docs/runbook.md, "${name}"\\.$`));
      expect(sentences.length).toBeLessThanOrEqual(2);
    }
  });

  it('have a section of the runbook each', () => {
    const runbook = readFileSync(new URL('../../../../docs/runbook.md', import.meta.url), 'utf8');

    expect(runbookSections(runbook, 'Alarms').sort()).toEqual([...alarms.keys()].sort());
  });

  it('all tell the topic', () => {
    const [topic] = Object.keys(ofType(template, 'AWS::SNS::Topic'));
    const actions = new Set([...alarms.values()].flatMap(({ AlarmActions }) => AlarmActions));

    expect([...actions]).toEqual([expect.stringMatching(new RegExp(`:${topic}$`))]);
  });

  it('reach a person if the options name one', () => {
    expect(ofType(template, 'AWS::SNS::Subscription')).toEqual({});
    expect(Object.values(ofType(synthesize({ alarmEmail: 'a@example.com' }), 'AWS::SNS::Subscription'))).toMatchObject([
      { Protocol: 'email', Endpoint: 'a@example.com' },
    ]);
  });

  it('wait for Firehose twice as long as it may buffer', () => {
    const freshness = (options: Record<string, unknown>) =>
      Object.values(ofType(synthesize(options), 'AWS::CloudWatch::Alarm'))
        .filter(({ MetricName }) => MetricName === 'DeliveryToS3.DataFreshness')
        .map(({ Threshold }) => Threshold);

    expect(freshness({})).toEqual([900, 900]);
    expect(freshness({ archiveBufferSeconds: 900 })).toEqual([1800, 1800]);
  });
});
