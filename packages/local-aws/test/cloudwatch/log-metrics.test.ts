import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { LogMetrics } from '../../src/cloudwatch/log-metrics.ts';
import { RecordedMetrics } from './recorded-metrics.ts';

const context = { region: 'us-east-1', accountId: '000000000000', requestId: '1', accessKeyId: 'test' };
const clock = new ManualClock();
let metrics: RecordedMetrics;
let logMetrics: LogMetrics;
beforeEach(() => {
  metrics = new RecordedMetrics();
  logMetrics = new LogMetrics(metrics, clock);
});

const call = (operation: string, input: Record<string, unknown>) => {
  const run = logMetrics.operations((name) => name === 'workflow')[operation];
  return run === undefined ? Promise.reject(new Error(operation)) : run(input, context);
};
const write = (...messages: string[]) =>
  logMetrics.listen(
    'workflow',
    'stream',
    messages.map((message) => ({ timestampMs: clock.now(), message })),
  );
const filter = (change: object = {}, transformation: object = {}) => ({
  filterName: 'failures',
  logGroupName: 'workflow',
  filterPattern: '{ $.type = "TaskFailed" }',
  metricTransformations: [{ metricName: 'Failed', metricNamespace: 'Shop', metricValue: '1', ...transformation }],
  ...change,
});

it('tells how much a group gets', () => {
  write('12345', '123');
  expect(metrics.of('AWS/Logs', 'IncomingLogEvents', 'workflow')).toEqual([2]);
  expect(metrics.of('AWS/Logs', 'IncomingBytes', 'workflow')).toEqual([8 + 2 * 26]);
});

describe('metric filters', () => {
  it('count lines that match', async () => {
    await call('PutMetricFilter', filter());
    write('{"type":"TaskFailed"}', '{"type":"TaskSucceeded"}', 'no JSON', '{"type":"TaskFailed"}');
    expect(metrics.of('Shop', 'Failed')).toEqual([1, 1]);
  });

  it('take values and dimensions out of the line', async () => {
    const dimensions = { State: '$.details.name' };
    await call('PutMetricFilter', filter({}, { metricValue: '$.details.ms', dimensions }));
    write('{"type":"TaskFailed","details":{"ms":12.5,"name":"Store"}}', '{"type":"TaskFailed","details":{"ms":"x"}}');
    expect(metrics.of('Shop', 'Failed', 'Store')).toEqual([12.5]);
    expect(metrics.of('Shop', 'Failed')).toEqual([]);
  });

  it('report 0 while lines come that do not match', async () => {
    await call('PutMetricFilter', filter({}, { defaultValue: 0 }));
    write('{"type":"TaskSucceeded"}');
    expect(metrics.of('Shop', 'Failed')).toEqual([0]);
  });

  it('are listed and removed', async () => {
    await call('PutMetricFilter', filter());
    expect(await call('DescribeMetricFilters', { logGroupName: 'workflow' })).toEqual({
      metricFilters: [{ ...filter(), creationTime: clock.now() }],
    });
    await call('DeleteMetricFilter', { logGroupName: 'workflow', filterName: 'failures' });
    write('{"type":"TaskFailed"}');
    expect(metrics.of('Shop', 'Failed')).toEqual([]);
    await expect(call('DeleteMetricFilter', { logGroupName: 'workflow', filterName: 'failures' })).rejects.toThrow(
      'The specified metric filter does not exist.',
    );
  });

  it.each([
    [filter({ logGroupName: 'other' }), 'The specified log group does not exist.'],
    [filter({ filterPattern: '{ $.type = }' }), /expected/],
    [filter({}, { metricValue: 'many' }), 'it must be a number or a selector'],
    [filter({}, { dimensions: { State: 'name' } }), 'expected a property selector such as $.name'],
    [filter({ applyOnTransformedLogs: true }), 'applyOnTransformedLogs is not supported'],
  ])('refuse %j', async (input, message) => {
    await expect(call('PutMetricFilter', input)).rejects.toThrow(message);
  });
});

describe('the embedded metric format', () => {
  const line = (aws: object, members: object = {}) => JSON.stringify({ _aws: aws, ...members });
  const of = (dimensions: string[][], ...names: string[]) => ({
    Timestamp: 1_764_000_000_000,
    CloudWatchMetrics: [
      { Namespace: 'Shop', Dimensions: dimensions, Metrics: names.map((Name) => ({ Name, Unit: 'Count' })) },
    ],
  });

  /** AWS: "Specification: Embedded metric format". */
  it.each<[string, string, string[], number[]]>([
    [
      'a metric with its dimension',
      line(of([['F']], 'Errors'), { F: 'flatten', Errors: 2 }),
      ['Errors', 'flatten'],
      [2],
    ],
    ['several values', line(of([[]], 'Ms'), { Ms: [1, 2] }), ['Ms'], [1, 2]],
    ['each set of dimensions', line(of([['F'], []], 'Errors'), { F: 'f', Errors: 2 }), ['Errors'], [2]],
    ['a dimension that lacks', line(of([['F']], 'Errors'), { Errors: 2 }), ['Errors'], []],
    ['a value that is none', line(of([[]], 'Errors'), { Errors: '2' }), ['Errors'], []],
    ['other text before it', `2026-11-29 ${line(of([[]], 'Errors'), { Errors: 2 })}`, ['Errors'], []],
    ['members that are no directives', line({ CloudWatchMetrics: 5 }, { Errors: 2 }), ['Errors'], []],
  ])('%s', (_what, message, metric, values) => {
    write(message);
    expect(metrics.of('Shop', ...metric)).toEqual(values);
  });
});
