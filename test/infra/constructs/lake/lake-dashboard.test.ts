import { describe, expect, it } from '@jest/globals';

import { isDocumented } from '../../cloudwatch/documented-metrics.ts';
import { ofType } from '../../synthesis.ts';
import { dashboard } from '../dashboard-fixture.ts';

const { template, widgets } = dashboard({}, 'TweetLake');

describe('LakeDashboard', () => {
  it('shows the alarms, what flows, how late, what failed and what it costs', () => {
    expect(widgets.map(({ title }) => title)).toEqual([
      'Alarms',
      'Records in',
      'Lag of Firehose',
      'Age of rows in Firehose',
      'Transformation',
      'Failed',
      'Cost: data',
      'Forgotten',
      'Age of deletions',
      'Runs of forgetting',
    ]);
    const alarms = Object.keys(ofType(template, 'AWS::CloudWatch::Alarm'));
    expect(widgets[0]?.alarms.map((arn) => arn.replace(/^.*:/, '')).sort()).toEqual(alarms.sort());
  });

  it('shows sentiment, if the lake asks for it', () => {
    const withSentiment = dashboard({ sentiment: 'comprehend' }, 'TweetLake');
    const more = withSentiment.widgets.slice(widgets.length);

    expect(more.map(({ title }) => title)).toEqual(['Sentiment', 'Sentiment: failed', 'Sentiment: time']);
    for (const { metrics } of more) {
      expect(metrics.length).toBeGreaterThan(1);
      expect(
        metrics.filter(({ namespace = '', name = '', dimensions }) => !isDocumented(namespace, name, dimensions)),
      ).toEqual([]);
    }
  });

  it('has data in every graph: metrics exist and are of resources of the lake, or of the stream that it reads', () => {
    const known = [...Object.keys(template.Resources), 'TweetStream'].map((id) => id.toLowerCase());
    const metrics = widgets.flatMap((widget) => widget.metrics);
    const unknown = metrics.filter(
      ({ namespace = '', name = '', dimensions }) => !isDocumented(namespace, name, dimensions),
    );

    expect(unknown).toEqual([]);
    expect(metrics.filter(({ values }) => !values.some((value) => known.includes(value.toLowerCase())))).toEqual([]);
    expect(widgets.slice(1).every((widget) => widget.metrics.length > 0)).toBe(true);
  });
});
