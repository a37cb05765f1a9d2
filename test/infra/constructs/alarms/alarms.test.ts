import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import {
  type AlarmProperties,
  alarmSchema,
  alarmStates,
  metricSchema,
  type WatchedMetric,
} from '../../cloudwatch/alarm-states.ts';
import { isDocumented } from '../../cloudwatch/documented-metrics.ts';
import { deployed } from '../../iam/physical.ts';
import { ofType, synthesize } from '../../synthesis.ts';
import { type Day, faultMinute, faults, healthyDays } from './days.ts';

const template = synthesize();
const notifyingAlarm = alarmSchema.extend({ AlarmDescription: z.string(), AlarmActions: z.array(z.string()) });
const alarms = new Map(
  Object.entries(ofType(deployed(template), 'AWS::CloudWatch::Alarm')).map(([id, properties]) => [
    id.replace(/^Alarms|[0-9A-F]{8}$/g, ''),
    notifyingAlarm.parse(properties),
  ]),
);
const dayMinutes = 240;

/** `EventCount IngestPipe`: the name, and the dimensions' values without account, region and hash. */
function nameOf({ MetricName, Dimensions }: WatchedMetric): string {
  const values = Dimensions.map(({ Name, Value }) =>
    Name === 'StreamLabel' ? 'stream' : Value.replace(/^.*:/, '').replace(/[0-9A-F]{8}$/i, ''),
  );
  return [MetricName, ...values].join(' ');
}

function watchedBy({ Metrics, ...alarm }: AlarmProperties): WatchedMetric[] {
  if (Metrics === undefined) return [metricSchema.parse(alarm)];
  return Metrics.flatMap((query) => ('MetricStat' in query ? [query.MetricStat.Metric] : []));
}

/** The alarms that go off on a day, from which minute on. */
function rung(day: Day): Map<string, number> {
  const data = (metric: WatchedMetric, minute: number) => {
    const signal = day[nameOf(metric)];
    return typeof signal === 'function' ? signal(minute) : signal;
  };
  const minutes = [...alarms].map(([name, alarm]): [string, number] => {
    const states = alarmStates(alarm, dayMinutes, data);
    return [name, states.includes(true) ? ((states.indexOf(true) + 1) / states.length) * dayMinutes : Number.NaN];
  });
  return new Map(minutes.filter(([, minute]) => !Number.isNaN(minute)));
}

describe('the alarms', () => {
  it.each(Object.entries(healthyDays))('are quiet on %s', (_, day) => {
    expect([...rung(day).keys()]).toEqual([]);
  });

  it.each(Object.entries(faults))('name it within an hour: %s', (_, { day, alarms: expected }) => {
    const named = rung(day);

    expect([...named.keys()].sort()).toEqual([...expected].sort());
    for (const minute of named.values()) {
      expect(minute).toBeGreaterThan(faultMinute);
      expect(minute).toBeLessThanOrEqual(faultMinute + 60);
    }
  });

  it('each name a fault of this test', () => {
    const named = new Set(Object.values(faults).flatMap(({ alarms: expected }) => expected));

    expect([...named].sort()).toEqual([...alarms.keys()].sort());
  });

  it('watch every metric of the days', () => {
    const watched = new Set([...alarms.values()].flatMap(watchedBy).map(nameOf));
    const days = [...Object.values(healthyDays), ...Object.values(faults).map(({ day }) => day)];

    expect(days.flatMap((day) => Object.keys(day)).filter((metric) => !watched.has(metric))).toEqual([]);
  });

  it('watch metrics that exist', () => {
    const watched = [...alarms.values()].flatMap(watchedBy);
    const unknown = watched.filter(
      ({ Namespace, MetricName, Dimensions }) =>
        !isDocumented(
          Namespace,
          MetricName,
          Dimensions.map(({ Name }) => Name),
        ),
    );

    expect(watched.length).toBeGreaterThan(alarms.size);
    expect(unknown).toEqual([]);
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
    const [, chapter = ''] = /\n## Alarms\n(.*?)\n## /s.exec(runbook) ?? [];
    const headings = [...chapter.matchAll(/^### (.+)$/gm)].flatMap(([, heading = '']) => heading.split(', '));

    expect(headings.sort()).toEqual([...alarms.keys()].sort());
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
