import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { isDocumented } from '../../cloudwatch/documented-metrics.ts';
import { ofType, synthesize } from '../../synthesis.ts';
import { dashboardOf } from '../dashboard-fixture.ts';
import { alarmsOf, expectNamed, runbookSections, rung, unknownMetrics, unwatchedMetrics } from './alarm-fixture.ts';
import { healthySalesDays, salesFaults } from './sales-days.ts';

const template = synthesize({}, 'SalesLake');
const alarms = alarmsOf(template, '');

describe('the alarms of the sales lake', () => {
  it.each(Object.entries(healthySalesDays))('are quiet on %s', (_, day) => {
    expect([...rung(alarms, day).keys()]).toEqual([]);
  });

  it.each(Object.entries(salesFaults))('name it within an hour: %s', (_, fault) => {
    expectNamed(alarms, fault);
  });

  it('each name a fault of this test, and watch every metric of the days', () => {
    const days = [...Object.values(healthySalesDays), ...Object.values(salesFaults).map(({ day }) => day)];

    expect(new Set(Object.values(salesFaults).flatMap((fault) => fault.alarms))).toEqual(new Set(alarms.keys()));
    expect(unwatchedMetrics(alarms, days)).toEqual([]);
    expect(unknownMetrics(alarms)).toEqual([]);
  });

  it('say in one or two sentences what to do, have a section of the runbook, and tell the topic of the stack', () => {
    const runbook = readFileSync(new URL('../../../../docs/runbook.md', import.meta.url), 'utf8');
    const [topic] = Object.keys(ofType(template, 'AWS::SNS::Topic'));

    expect(runbookSections(runbook, 'Alarms of the sales lake').sort()).toEqual([...alarms.keys()].sort());
    for (const [name, { AlarmDescription, AlarmActions }] of alarms) {
      expect(AlarmDescription).toMatch(new RegExp(` Steps: docs/runbook.md, "${name}"\\.$`));
      expect(
        AlarmDescription.replace(/ Half an hour of writes .*$| Steps: .*$/g, '').split('. ').length,
      ).toBeLessThanOrEqual(2);
      expect(AlarmActions).toEqual([expect.stringMatching(new RegExp(`:${topic}$`))]);
    }
  });
});

describe('the dashboard of the sales lake', () => {
  it('shows the alarms, what flows, how late, what failed and what it costs', () => {
    const { widgets } = dashboardOf(template);
    const metrics = widgets.flatMap((widget) => widget.metrics);
    const known = Object.keys(template.Resources).map((id) => id.toLowerCase());

    expect(widgets.map(({ title }) => title)).toEqual([
      'Alarms',
      'Changes',
      'Pipe: failed',
      'Runs of the generator',
      'Records in',
      'Lag of Firehose',
      'Age of rows in Firehose',
      'Transformation',
      'Failed',
      'Cost: data',
    ]);
    expect(widgets[0]?.alarms).toHaveLength(alarms.size);
    expect(
      metrics.filter(({ namespace = '', name = '', dimensions }) => !isDocumented(namespace, name, dimensions)),
    ).toEqual([]);
    expect(metrics.filter(({ values }) => !values.some((value) => known.includes(value.toLowerCase())))).toEqual([]);
  });
});
