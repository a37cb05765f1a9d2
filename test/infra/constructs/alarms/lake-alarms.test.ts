import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { synthesize } from '../../synthesis.ts';
import { alarmsOf, expectNamed, runbookSections, rung, unknownMetrics, unwatchedMetrics } from './alarm-fixture.ts';
import { healthyLakeDays, lakeFaults } from './lake-days.ts';

const alarms = alarmsOf(synthesize({}, 'TweetLake'), '');

describe('the alarms of the lake', () => {
  it.each(Object.entries(healthyLakeDays))('are quiet on %s', (_, day) => {
    expect([...rung(alarms, day).keys()]).toEqual([]);
  });

  it.each(Object.entries(lakeFaults))('name it within an hour: %s', (_, fault) => {
    expectNamed(alarms, fault);
  });

  it('each name a fault of this test, and watch every metric of the days', () => {
    const days = [...Object.values(healthyLakeDays), ...Object.values(lakeFaults).map(({ day }) => day)];

    expect(new Set(Object.values(lakeFaults).flatMap((fault) => fault.alarms))).toEqual(new Set(alarms.keys()));
    expect(unwatchedMetrics(alarms, days)).toEqual([]);
  });

  it('watch metrics that exist', () => {
    expect(unknownMetrics(alarms)).toEqual([]);
  });

  it('say in one or two sentences what to do, have a section of the runbook, and tell the topic', () => {
    const runbook = readFileSync(new URL('../../../../docs/runbook.md', import.meta.url), 'utf8');

    expect(runbookSections(runbook, 'Alarms of the lake').sort()).toEqual([...alarms.keys()].sort());
    for (const [name, { AlarmDescription, AlarmActions }] of alarms) {
      expect(AlarmDescription).toMatch(new RegExp(` Steps: docs/runbook.md, "${name}"\\.$`));
      expect(AlarmDescription.replace(/ Steps: .*$/, '').split('. ').length).toBeLessThanOrEqual(2);
      expect(AlarmActions).toEqual([expect.stringMatching(/^arn:aws:sns:.*:AlarmTopic$/)]);
    }
  });

  it('wait for Firehose twice as long as it may buffer', () => {
    const patient = alarmsOf(synthesize({ lakeBufferSeconds: 900 }, 'TweetLake'), '');

    expect([alarms, patient].map((each) => each.get('LakeNotDelivered')?.Threshold)).toEqual([900, 1800]);
  });
});
