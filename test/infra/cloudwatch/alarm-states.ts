import { evaluateExpression } from '@tweet-pipes/local-aws/cloudwatch/evaluate-expression';
import { EXTRA_DATAPOINTS, nextState } from '@tweet-pipes/local-aws/cloudwatch/next-state';
import { parseExpression } from '@tweet-pipes/local-aws/cloudwatch/parse-expression';
import * as z from 'zod';

/** One value a period; undefined where there is no data point. */
type Series = readonly (number | undefined)[];

/** A metric with its namespace and dimensions. */
export const metricSchema = z.looseObject({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).default([]),
});
export type WatchedMetric = z.output<typeof metricSchema>;

const statistic = z.enum(['Sum', 'Maximum', 'SampleCount']);
const query = z.union([
  z.strictObject({ Id: z.string(), Expression: z.string(), ReturnData: z.boolean().optional() }),
  z.strictObject({
    Id: z.string(),
    MetricStat: z.strictObject({ Metric: metricSchema, Period: z.int().positive(), Stat: statistic }),
    ReturnData: z.literal(false),
  }),
]);

/** The properties of an alarm that its evaluation needs, intrinsic functions resolved. */
export const alarmSchema = z.looseObject({
  ComparisonOperator: z.literal('GreaterThanOrEqualToThreshold'),
  Threshold: z.number(),
  EvaluationPeriods: z.int().positive(),
  DatapointsToAlarm: z.int().positive(),
  TreatMissingData: z.literal('notBreaching'),
  Metrics: z.array(query).optional(),
  ...metricSchema.partial().shape,
  Period: z.int().positive().optional(),
  Statistic: statistic.optional(),
});
export type AlarmProperties = z.output<typeof alarmSchema>;

/** What a metric reports, by minute; undefined without a data point. */
export type MetricData = (metric: WatchedMetric) => (minute: number) => number | undefined;

/**
 * Whether the alarm is in ALARM, at the end of each of its periods within so many minutes. Periods begin at minute 0.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
export function alarmStates(alarm: AlarmProperties, minutes: number, data: MetricData): boolean[] {
  const breaching = watchedSeries(alarm, minutes, data).map((value) =>
    value === undefined ? undefined : value >= alarm.Threshold,
  );
  const rule = {
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    // An alarm on a metric of DynamoDB keeps its state (AWS: "PutMetricAlarm", TreatMissingData).
    treatMissingData: alarm.Namespace === 'AWS/DynamoDB' ? ('ignore' as const) : alarm.TreatMissingData,
  };
  const states: boolean[] = [];
  for (const index of breaching.keys()) {
    const range = breaching.slice(Math.max(0, index + 1 - alarm.EvaluationPeriods - EXTRA_DATAPOINTS), index + 1);
    states.push(nextState(range, rule, states.at(-1) ? 'ALARM' : 'OK') === 'ALARM');
  }
  return states;
}

function watchedSeries(alarm: AlarmProperties, minutes: number, data: MetricData): Series {
  if (alarm.Metrics === undefined) {
    const { Period, Statistic } = z.object({ Period: z.number(), Statistic: statistic }).parse(alarm);
    return aggregated(metricSchema.parse(alarm), Period, Statistic, minutes, data);
  }
  const metrics = new Map<string, Series>();
  const expressions: string[] = [];
  for (const each of alarm.Metrics) {
    if ('Expression' in each) expressions.push(each.Expression);
    else {
      const { Metric, Period, Stat } = each.MetricStat;
      metrics.set(each.Id, aggregated(Metric, Period, Stat, minutes, data));
    }
  }
  const [expression = '', ...others] = expressions;
  if (others.length > 0) throw new Error('An alarm with several expressions is not evaluated.');
  return evaluated(expression, metrics);
}

function evaluated(expression: string, metrics: ReadonlyMap<string, Series>): Series {
  const [points = []] = metrics.values();
  const value = evaluateExpression(parseExpression(expression), {
    grid: { startMs: 0, periodSeconds: 300, count: points.length },
    metrics: () => [],
    lookUp(id) {
      const found = metrics.get(id);
      return found && { label: id, points: found };
    },
  });
  if (typeof value === 'number' || !('points' in value)) throw new Error(`${expression} gives no time series`);
  return value.points;
}

/** The statistic over each full period of the minutes. The data are given in the statistic that is asked for. */
function aggregated(
  watched: WatchedMetric,
  periodSeconds: number,
  stat: z.output<typeof statistic>,
  minutes: number,
  data: MetricData,
): Series {
  const perPeriod = periodSeconds / 60;
  const at = data(watched);
  return Array.from({ length: Math.floor(minutes / perPeriod) }, (_, period) => {
    const values = Array.from({ length: perPeriod }, (_, minute) => at(period * perPeriod + minute)).filter(
      (value) => value !== undefined,
    );
    if (values.length === 0) return undefined;
    return stat === 'Maximum' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
  });
}
