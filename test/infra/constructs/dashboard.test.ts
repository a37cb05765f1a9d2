import { describe, expect, it } from '@jest/globals';

import { isDocumented } from '../cloudwatch/documented-metrics.ts';
import { ofType } from '../synthesis.ts';
import { dashboard } from './dashboard-fixture.ts';

const { template, widgets } = dashboard();
const metrics = widgets.flatMap((widget) => widget.metrics);

describe('Dashboard', () => {
  it('shows what flows, how late, where it hurts and what it costs', () => {
    expect(widgets.map(({ title }) => title)).toEqual([
      'Alarms',
      'Records in',
      'Lag',
      'Executions by end',
      'Latency',
      'Write units',
      'Throttled',
      'Quarantine and errors',
      'Dead letters',
      'Age of rows in Firehose',
      'Cost: logs',
      'Cost: data',
      'Cost: reads and executions',
    ]);
  });

  it('shows every alarm', () => {
    const alarms = Object.keys(ofType(template, 'AWS::CloudWatch::Alarm'));

    expect(widgets[0]?.alarms.map((arn) => arn.replace(/^.*:/, '')).sort()).toEqual(alarms.sort());
  });

  it('has data in every graph: metrics exist and are of resources of the stack', () => {
    const known = Object.keys(template.Resources).map((id) => id.toLowerCase());
    const named = JSON.stringify(Object.values(template.Resources).map(({ Properties }) => Properties.LogGroupName));
    const unknown = metrics.filter(
      ({ namespace = '', name = '', dimensions }) => !isDocumented(namespace, name, dimensions),
    );
    const strangers = metrics.filter(({ values }) => {
      const resources = values.map((value) => value.replace(/^.*:/, '').toLowerCase());
      return !resources.some((value) => known.includes(value)) && !values.some((value) => named.includes(value));
    });

    expect(unknown).toEqual([]);
    expect(strangers).toEqual([]);
    expect(widgets.slice(1).every((widget) => widget.metrics.length > 0)).toBe(true);
  });

  it('names every line of a graph', () => {
    for (const widget of widgets) {
      const labels = widget.metrics.map(({ label }) => label);

      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  it('leaves out logs that are not written', () => {
    const quiet = dashboard({ logLevel: 'OFF', pipeLogLevel: 'OFF' }).widgets.find(
      ({ title }) => title === 'Cost: logs',
    );

    expect(quiet?.metrics.map(({ label }) => label)).toEqual(['function']);
  });
});
