import { expect } from '@jest/globals';
import * as z from 'zod';

import {
  type AlarmProperties,
  alarmSchema,
  alarmStates,
  type MetricData,
  metricSchema,
  type WatchedMetric,
} from '../../cloudwatch/alarm-states.ts';
import { isDocumented } from '../../cloudwatch/documented-metrics.ts';
import { deployed } from '../../iam/physical.ts';
import { ofType, type SynthesizedTemplate } from '../../synthesis.ts';
import { type Day, type Fault, faultMinute } from './days.ts';

const notifyingAlarm = alarmSchema.extend({ AlarmDescription: z.string(), AlarmActions: z.array(z.string()) });
type NotifyingAlarm = z.output<typeof notifyingAlarm>;

const dayMinutes = 240;

/** The alarms of a template by their names in docs/runbook.md. `within` begins their logical ids. */
export function alarmsOf(template: SynthesizedTemplate, within: string): Map<string, NotifyingAlarm> {
  return new Map(
    Object.entries(ofType(deployed(template), 'AWS::CloudWatch::Alarm')).map(([id, properties]) => [
      id.replace(new RegExp(`^${within}|[0-9A-F]{8}$`, 'g'), ''),
      notifyingAlarm.parse(properties),
    ]),
  );
}

/** `EventCount IngestPipe`: the name, and the dimensions' values without account, region and hash. */
function nameOf({ MetricName, Dimensions }: WatchedMetric): string {
  const values = Dimensions.map(({ Name, Value }) =>
    Name === 'StreamLabel' ? 'stream' : Value.replace(/^.*:/, '').replace(/[0-9A-F]{8}$/i, ''),
  );
  return [MetricName, ...values].join(' ');
}

/** The metrics that an alarm watches. */
export function watchedBy({ Metrics, ...alarm }: AlarmProperties): WatchedMetric[] {
  if (Metrics === undefined) return [metricSchema.parse(alarm)];
  return Metrics.flatMap((query) => ('MetricStat' in query ? [query.MetricStat.Metric] : []));
}

/** Those metrics of the alarms that AWS and the functions do not publish. */
export function unknownMetrics(alarms: ReadonlyMap<string, NotifyingAlarm>): WatchedMetric[] {
  return [...alarms.values()].flatMap(watchedBy).filter(
    ({ Namespace, MetricName, Dimensions }) =>
      !isDocumented(
        Namespace,
        MetricName,
        Dimensions.map(({ Name }) => Name),
      ),
  );
}

/** The alarms that go off on a day, from which minute on. */
export function rung(alarms: ReadonlyMap<string, NotifyingAlarm>, day: Day): Map<string, number> {
  const data: MetricData = (metric) => {
    const signal = day[nameOf(metric)];
    return typeof signal === 'function' ? signal : () => signal;
  };
  const minutes = [...alarms].map(([name, alarm]): [string, number] => {
    const states = alarmStates(alarm, dayMinutes, data);
    return [name, states.includes(true) ? ((states.indexOf(true) + 1) / states.length) * dayMinutes : Number.NaN];
  });
  return new Map(minutes.filter(([, minute]) => !Number.isNaN(minute)));
}

/** Expects that a fault sets off the alarms that it names, no other, and within an hour. */
export function expectNamed(alarms: ReadonlyMap<string, NotifyingAlarm>, { day, alarms: expected }: Fault): void {
  const named = rung(alarms, day);

  expect([...named.keys()].sort()).toEqual([...expected].sort());
  for (const minute of named.values()) {
    expect(minute).toBeGreaterThan(faultMinute);
    expect(minute).toBeLessThanOrEqual(faultMinute + 60);
  }
}

/** Those metrics of the days that no alarm watches. */
export function unwatchedMetrics(alarms: ReadonlyMap<string, NotifyingAlarm>, days: readonly Day[]): string[] {
  const watched = new Set([...alarms.values()].flatMap(watchedBy).map(nameOf));
  return days.flatMap((day) => Object.keys(day)).filter((metric) => !watched.has(metric));
}

/** The alarm names in the headings of a chapter of docs/runbook.md. */
export function runbookSections(runbook: string, chapter: string): string[] {
  const [, text = ''] = new RegExp(`\\n## ${chapter}\\n(.*?)\\n## `, 's').exec(runbook) ?? [];
  return [...text.matchAll(/^### (.+)$/gm)].flatMap(([, heading = '']) => heading.split(', '));
}
