import type { Clock } from '@tweet-pipes/kit/clock';
import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Operation } from '../../gateway/local-service.ts';
import { validationError } from '../errors.ts';
import { dataPoints, type Grid } from '../math/values.ts';
import { MetricQueries, type QueryResult } from '../queries.ts';
import { type MetricSeries, SECONDS_KEPT_MS } from '../store/metric-series.ts';
import type { MetricStore } from '../store/metric-store.ts';
import { simpleStatistics, statisticOf } from '../store/statistic.ts';
import { boolean, dimensionList, dimensions, dimensionsOf, number, pageOf, parseInput, period, time } from './input.ts';
import { metricQuery, queryOf } from './metric-query-input.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PAST_MS = 14 * 24 * HOUR_MS;
const FUTURE_MS = 2 * HOUR_MS;
/** Older values are not kept, so no answer goes further back. */
const LOOK_BACK_MS = 25 * HOUR_MS;
const MOST_DATAPOINTS = 100_800;
const MOST_STATISTICS = 1_440;
const LISTED = 500;
const RECENT_MS = 3 * HOUR_MS;

const namespace = z
  .string()
  .regex(/^[^:].*$/, 'expected a namespace')
  .max(255);
const metricName = z.string().min(1).max(255);

const datum = z.strictObject({
  MetricName: metricName,
  Dimensions: dimensions.optional(),
  Timestamp: time.optional(),
  Value: number.optional(),
  StatisticValues: z.strictObject({ SampleCount: number, Sum: number, Minimum: number, Maximum: number }).optional(),
  Values: z.array(number).max(150).optional(),
  Counts: z.array(number).max(150).optional(),
  Unit: z.string().optional(),
  StorageResolution: number.optional(),
});

const putMetricDataInput = z.strictObject({
  Namespace: namespace,
  MetricData: z.array(datum).max(1_000),
  StrictEntityValidation: boolean.optional(),
});

const getMetricDataInput = z.strictObject({
  MetricDataQueries: z.array(metricQuery).min(1).max(500),
  StartTime: time,
  EndTime: time,
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: number.pipe(z.int().min(1).max(MOST_DATAPOINTS)).default(MOST_DATAPOINTS),
  LabelOptions: z.strictObject({ Timezone: z.string().optional() }).optional(),
});

const getMetricStatisticsInput = z.strictObject({
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: dimensions.optional(),
  StartTime: time,
  EndTime: time,
  Period: period,
  Statistics: z.array(z.enum(simpleStatistics)).optional(),
  ExtendedStatistics: z.array(z.string()).optional(),
  Unit: z.string().optional(),
});

const listMetricsInput = z.strictObject({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.strictObject({ Name: z.string(), Value: z.string().optional() })).optional(),
  NextToken: z.string().optional(),
  RecentlyActive: z.literal('PT3H').optional(),
  IncludeLinkedAccounts: boolean.optional(),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html, what is about metrics. */
export function metricOperations(store: MetricStore, clock: Pick<Clock, 'now'>): Record<string, Operation> {
  return {
    PutMetricData: async (input) => putMetricData(parseInput(putMetricDataInput, input), store, clock.now()),
    GetMetricData: async (input) => getMetricData(parseInput(getMetricDataInput, input), store, clock.now()),
    GetMetricStatistics: async (input) =>
      getMetricStatistics(parseInput(getMetricStatisticsInput, input), store, clock.now()),
    ListMetrics: async (input) => listMetrics(parseInput(listMetricsInput, input), store, clock.now()),
  };
}

function putMetricData(
  { Namespace, MetricData }: z.infer<typeof putMetricDataInput>,
  store: MetricStore,
  nowMs: number,
): object {
  if (Namespace.startsWith('AWS/')) {
    throw new AwsError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
  }
  const puts = MetricData.map((each) => checked(each, nowMs));
  for (const { MetricName, Dimensions, Timestamp, Value, StatisticValues, Values = [], Counts, Unit } of puts) {
    const unit = Unit === undefined ? {} : { unit: Unit };
    const series = store.metric({
      namespace: Namespace,
      metricName: MetricName,
      dimensions: dimensionsOf(Dimensions),
      ...unit,
    });
    const atMs = Timestamp?.getTime() ?? nowMs;
    if (Value !== undefined) series.addAt(atMs, Value, 1);
    else if (StatisticValues !== undefined) series.addSetAt(atMs, StatisticValues);
    else for (const [index, value] of Values.entries()) series.addAt(atMs, value, Counts?.[index] ?? 1);
  }
  return {};
}

function checked(each: z.infer<typeof datum>, nowMs: number): z.infer<typeof datum> {
  const { MetricName, Timestamp, Value, StatisticValues, Values, Counts } = each;
  const given = [Value, StatisticValues, Values].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new AwsError(
      'InvalidParameterCombination',
      `The metric ${MetricName} needs either Value, StatisticValues, or Values.`,
    );
  }
  if (Counts !== undefined && Counts.length !== Values?.length) {
    throw new AwsError('InvalidParameterValue', `The metric ${MetricName} needs as many Counts as Values.`);
  }
  const atMs = Timestamp?.getTime() ?? nowMs;
  if (atMs < nowMs - PAST_MS || atMs > nowMs + FUTURE_MS) {
    throw new AwsError(
      'InvalidParameterValue',
      `The Timestamp of ${MetricName} must be at most two weeks in the past and two hours in the future.`,
    );
  }
  return each;
}

function getMetricData(input: z.infer<typeof getMetricDataInput>, store: MetricStore, nowMs: number): object {
  const [startMs, endMs] = [input.StartTime.getTime(), input.EndTime.getTime()];
  if (startMs >= endMs) throw validationError('StartTime must be before EndTime.');
  const queries = new MetricQueries(input.MetricDataQueries.map(queryOf));
  const results = queries.evaluate(store, (periodSeconds) => gridBetween(startMs, endMs, periodSeconds, nowMs));
  const series = results.flatMap((result) => dataOf(result, input.ScanBy === 'TimestampAscending'));
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start) || start < 0) throw validationError('NextToken is not valid.');
  const end = start + input.MaxDatapoints;
  let passed = 0;
  const page = series.map(({ points, ...each }) => {
    const shown = points.slice(Math.max(0, start - passed), Math.max(0, end - passed));
    passed += points.length;
    const isComplete = passed <= end;
    return {
      ...each,
      Timestamps: shown.map(({ atMs }) => new Date(atMs)),
      Values: shown.map(({ value }) => value),
      StatusCode: isComplete ? 'Complete' : 'PartialData',
    };
  });
  return { MetricDataResults: page, Messages: [], ...(passed > end && { NextToken: String(end) }) };
}

function dataOf({ query, grid, series }: QueryResult, isAscending: boolean) {
  return series.map(({ label, points }) => {
    const found = dataPoints(points, grid);
    const isExpression = 'expression' in query.of;
    const name = query.label ?? (isExpression && series.length === 1 ? query.id : label);
    return {
      Id: query.id,
      Label: query.label !== undefined && series.length > 1 ? `${query.label} ${label}` : name,
      points: isAscending ? found : found.reverse(),
    };
  });
}

/** Whole periods that begin within the time that is asked for. Times before the oldest value are left out. */
function gridBetween(startMs: number, endMs: number, periodSeconds: number, nowMs: number): Grid {
  const periodMs = periodSeconds * 1000;
  const lookBackMs = periodMs < MINUTE_MS ? SECONDS_KEPT_MS + MINUTE_MS : Math.max(LOOK_BACK_MS, 2 * periodMs);
  const firstMs = Math.floor(Math.max(startMs, nowMs - lookBackMs) / periodMs) * periodMs;
  const lastMs = Math.min(endMs, nowMs + FUTURE_MS);
  return { startMs: firstMs, periodSeconds, count: Math.max(0, Math.ceil((lastMs - firstMs) / periodMs)) };
}

function getMetricStatistics(
  input: z.infer<typeof getMetricStatisticsInput>,
  store: MetricStore,
  nowMs: number,
): object {
  const { Namespace, MetricName, Statistics = [], ExtendedStatistics = [], Period, Unit } = input;
  const [startMs, endMs] = [input.StartTime.getTime(), input.EndTime.getTime()];
  if (startMs >= endMs) throw new AwsError('InvalidParameterValue', 'StartTime must be before EndTime.');
  if ((endMs - startMs) / (Period * 1000) > MOST_STATISTICS) {
    throw new AwsError(
      'InvalidParameterCombination',
      `You have requested more than ${MOST_STATISTICS} datapoints, which exceeds the limit. Reduce them by a larger Period or a shorter time.`,
    );
  }
  if (Statistics.length + ExtendedStatistics.length === 0) {
    throw new AwsError('InvalidParameterCombination', 'At least one of Statistics and ExtendedStatistics is needed.');
  }
  const extended = ExtendedStatistics.map((name) => [name, statisticOf(name)] as const);
  const metric = { namespace: Namespace, metricName: MetricName, dimensions: dimensionsOf(input.Dimensions) };
  const series = store.find(metric, Unit);
  const grid = gridBetween(startMs, endMs, Period, nowMs);
  const datapoints = Array.from({ length: series === undefined ? 0 : grid.count }, (_, index) => {
    const fromMs = grid.startMs + index * Period * 1000;
    const values = series?.between(fromMs, fromMs + Period * 1000);
    if (values === undefined || values.count === 0) return [];
    return {
      Timestamp: new Date(fromMs),
      ...Object.fromEntries(Statistics.map((name) => [name, statisticOf(name)(values)])),
      ...(extended.length > 0 && {
        ExtendedStatistics: new Map(
          extended.flatMap(([name, statistic]) => {
            const value = statistic(values);
            return value === undefined ? [] : [[name, value] as const];
          }),
        ),
      }),
      Unit: series?.identity.unit,
    };
  });
  return { Label: MetricName, Datapoints: datapoints.flat() };
}

function listMetrics(input: z.infer<typeof listMetricsInput>, store: MetricStore, nowMs: number): object {
  const sinceMs = input.RecentlyActive === undefined ? undefined : nowMs - RECENT_MS;
  const matches = ({ identity }: MetricSeries): boolean =>
    (input.Namespace === undefined || identity.namespace === input.Namespace) &&
    (input.MetricName === undefined || identity.metricName === input.MetricName) &&
    (input.Dimensions ?? []).every(({ Name, Value }) =>
      Value === undefined ? Object.hasOwn(identity.dimensions, Name) : identity.dimensions[Name] === Value,
    );
  const found = [...store.all].filter(
    (series) => !series.isEmpty && matches(series) && (sinceMs === undefined || series.hasValuesSince(sinceMs)),
  );
  const { page, next } = pageOf(found, input.NextToken, LISTED);
  return {
    Metrics: page.map(({ identity }) => ({
      Namespace: identity.namespace,
      MetricName: identity.metricName,
      Dimensions: dimensionList(identity.dimensions),
    })),
    ...(next !== undefined && { NextToken: next }),
  };
}
