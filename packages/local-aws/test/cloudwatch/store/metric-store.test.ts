import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { MetricStore } from '../../../src/cloudwatch/store/metric-store.ts';
import { statisticOf } from '../../../src/cloudwatch/store/statistic.ts';

const MINUTE_MS = 60_000;
const identity = { namespace: 'AWS/Kinesis', metricName: 'IncomingRecords', dimensions: { StreamName: 'tweets' } };
const custom = { namespace: 'Shop', metricName: 'Latency', dimensions: {}, unit: 'Milliseconds' };

let clock: ManualClock;
let store: MetricStore;
let startMs: number;
beforeEach(() => {
  clock = new ManualClock();
  store = new MetricStore(clock);
  startMs = clock.now();
});

const read = (stat: string, fromMs: number, toMs: number, of = store.metric(identity)) =>
  statisticOf(stat)(of.between(fromMs, toMs));

describe('the metric store', () => {
  it.each([
    ['Sum', 60],
    ['SampleCount', 3],
    ['Average', 20],
    ['Minimum', 10],
    ['Maximum', 30],
  ])('tells the %s of a minute', (stat, result) => {
    for (const value of [10, 30, 20]) store.metric(identity).add(value);

    expect(read(stat, startMs, startMs + MINUTE_MS)).toBe(result);
  });

  it('tells minutes and seconds apart', async () => {
    const metric = store.metric(identity);
    metric.add(1);
    await clock.advance(59_500);
    metric.add(2);
    await clock.advance(500);
    metric.add(4);

    expect(read('Sum', startMs, startMs + MINUTE_MS)).toBe(3);
    expect(read('Sum', startMs, startMs + 2 * MINUTE_MS)).toBe(7);
    expect(read('Sum', startMs + 59_000, startMs + 61_000)).toBe(6);
    expect(read('Sum', startMs + 1_000, startMs + 2_000)).toBeUndefined();
  });

  it('has one metric for the same dimensions in another order', () => {
    const dimensions = { TableName: 'tweets', Operation: 'PutItem' };
    store.put({ ...identity, dimensions, value: 1 });
    store.put({ ...identity, dimensions: { Operation: 'PutItem', TableName: 'tweets' }, value: 1 });

    expect(read('Sum', startMs, startMs + MINUTE_MS, store.metric({ ...identity, dimensions }))).toBe(2);
  });

  it.each([
    ['p0', 1],
    ['p50', 500],
    ['p99', 990],
    ['p99.9', 999],
    ['p100', 1_000],
  ])('tells %s of the values of an own metric within one percent', (stat, expected) => {
    const metric = store.metric(custom);
    for (let value = 1; value <= 1_000; value += 1) metric.add(value);

    const found = read(stat, startMs, startMs + MINUTE_MS, metric) ?? 0;

    expect(Math.abs(found - expected) / expected).toBeLessThan(0.01);
  });

  it('joins percentiles of minutes', async () => {
    const metric = store.metric(custom);
    for (let value = 1; value <= 500; value += 1) metric.add(value);
    await clock.advance(MINUTE_MS);
    for (let value = 501; value <= 1_000; value += 1) metric.add(value);

    expect(read('p50', startMs, startMs + 2 * MINUTE_MS, metric)).toBe(500);
  });

  // AWS: no percentile of a statistic set, unless all of its values are the same.
  it('has no percentile of which only statistics are known', () => {
    const metric = store.metric(custom);
    metric.addSetAt(startMs, { SampleCount: 4, Sum: 40, Minimum: 10, Maximum: 10 });
    expect(read('p90', startMs, startMs + MINUTE_MS, metric)).toBe(10);
    metric.addSetAt(startMs, { SampleCount: 2, Sum: 30, Minimum: 10, Maximum: 20 });
    expect(read('p90', startMs, startMs + MINUTE_MS, metric)).toBeUndefined();

    for (const value of [1, 2]) store.metric(identity).add(value);
    expect(read('p90', startMs, startMs + MINUTE_MS)).toBeUndefined();
  });

  it('refuses a statistic that it does not have, by name', () => {
    expect(() => statisticOf('tm99')).toThrow('The statistic tm99 is not supported');
  });

  it('keeps a day, and seconds for five minutes', async () => {
    const metric = store.metric(identity);
    metric.add(1);
    await clock.advance(6 * MINUTE_MS);
    store.trim();
    expect(read('Sum', startMs, startMs + 1_000)).toBeUndefined();
    expect(read('Sum', startMs, startMs + MINUTE_MS)).toBe(1);

    await clock.advance(24 * 60 * MINUTE_MS);
    store.trim();
    expect(metric.isEmpty).toBe(true);
    metric.add(5);
    expect(read('Sum', clock.now(), clock.now() + MINUTE_MS)).toBe(5);
  });

  it('drops the oldest when there is too much', () => {
    const metric = store.metric(custom);
    const minutes = 20 * 60;
    for (let minute = 0; minute < minutes; minute += 1) {
      // 1,000 values that have bins of their own.
      for (let value = 0; value < 1_000; value += 1) metric.addAt(startMs - minute * MINUTE_MS, value, 1);
    }
    store.trim();

    expect(metric.weight).toBeLessThanOrEqual(1_000_000);
    expect(metric.between(startMs - (minutes - 1) * MINUTE_MS, startMs).count).toBeLessThan(minutes * 1_000);
    expect(metric.between(startMs, startMs + MINUTE_MS).count).toBe(1_000);
  });
});
