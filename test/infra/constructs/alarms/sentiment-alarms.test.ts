import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { synthesize } from '../../synthesis.ts';
import { alarmsOf, expectNamed, runbookSections, rung, unknownMetrics, unwatchedMetrics } from './alarm-fixture.ts';
import { healthySentimentDays, sentimentFaults } from './sentiment-days.ts';

const ofLake = alarmsOf(synthesize({}, 'TweetLake'), '');
const alarms = new Map(
  [...alarmsOf(synthesize({ sentiment: 'comprehend' }, 'TweetLake'), '')].filter(([name]) => !ofLake.has(name)),
);

describe('the alarms of sentiment', () => {
  it.each(Object.entries(healthySentimentDays))('are quiet on %s', (_, day) => {
    expect([...rung(alarms, day).keys()]).toEqual([]);
  });

  it.each(Object.entries(sentimentFaults))('name it within an hour: %s', (_, fault) => {
    expectNamed(alarms, fault);
  });

  it('each name a fault of this test, and watch every metric of the days', () => {
    const days = [...Object.values(healthySentimentDays), ...Object.values(sentimentFaults).map(({ day }) => day)];

    expect(new Set(Object.values(sentimentFaults).flatMap((fault) => fault.alarms))).toEqual(new Set(alarms.keys()));
    expect(unwatchedMetrics(alarms, days)).toEqual([]);
  });

  it('watch metrics that exist', () => {
    expect(unknownMetrics(alarms)).toEqual([]);
  });

  it('say in one or two sentences what to do, have a section of the runbook, and tell the topic', () => {
    const runbook = readFileSync(new URL('../../../../docs/runbook.md', import.meta.url), 'utf8');

    expect(runbookSections(runbook, 'Alarms of sentiment').sort()).toEqual([...alarms.keys()].sort());
    for (const [name, { AlarmDescription, AlarmActions }] of alarms) {
      expect(AlarmDescription).toMatch(new RegExp(` Steps: docs/runbook.md, "${name}"\\.$`));
      expect(AlarmDescription.replace(/ Steps: .*$/, '').split('. ').length).toBeLessThanOrEqual(3);
      expect(AlarmActions).toEqual([expect.stringMatching(/^arn:aws:sns:.*:AlarmTopic$/)]);
    }
  });
});
