import { z } from 'zod';
import {
  type AlarmSettings,
  type CompositeAlarmSettings,
  comparisons,
  type MetricAlarmSettings,
} from '../alarms/alarm.ts';
import { parseCompositeRule } from '../alarms/composite-rule.ts';
import { validationError } from '../errors.ts';
import { MetricQueries, type MetricQuery } from '../queries.ts';
import { simpleStatistics } from '../store/statistic.ts';
import { boolean, dimensions, dimensionsOf, number, parseInput, period } from './input.ts';
import { metricQuery, queryOf } from './metric-query-input.ts';

/** The most seconds that an alarm may look back, with a period of an hour or more. */
const LOOK_BACK_SECONDS = 7 * 24 * 60 * 60;
const ID = 'm1';

const action = z
  .string()
  .regex(
    /^arn:[^:]+:sns:[^:]*:\d{12}:[^:]+$/,
    'the local endpoint takes the ARN of an SNS topic as an action; there are no others',
  );

const settings = {
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: boolean.default(true),
  OKActions: z.array(action).max(5).default([]),
  AlarmActions: z.array(action).max(5).default([]),
  InsufficientDataActions: z.array(action).max(5).default([]),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
};

const metricAlarmInput = z.strictObject({
  ...settings,
  MetricName: z.string().optional(),
  Namespace: z.string().optional(),
  Dimensions: dimensions.optional(),
  Statistic: z.enum(simpleStatistics).optional(),
  ExtendedStatistic: z.string().optional(),
  Period: period.optional(),
  Unit: z.string().optional(),
  Metrics: z.array(metricQuery).max(20).optional(),
  EvaluationPeriods: number.pipe(z.int().min(1)),
  DatapointsToAlarm: number.pipe(z.int().min(1)).optional(),
  Threshold: number,
  ComparisonOperator: z.enum(comparisons),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
  EvaluateLowSampleCountPercentile: z.literal('evaluate').optional(),
});

const compositeAlarmInput = z.strictObject({ ...settings, AlarmRule: z.string().min(1) });

/** The settings that PutMetricAlarm asks for. Throws ValidationError. */
export function metricAlarmSettings(input: unknown): MetricAlarmSettings {
  const asked = parseInput(metricAlarmInput, input);
  const { EvaluationPeriods: evaluationPeriods, DatapointsToAlarm: datapointsToAlarm = evaluationPeriods } = asked;
  if (datapointsToAlarm > evaluationPeriods)
    throw validationError('DatapointsToAlarm must be at most EvaluationPeriods.');
  const { queries, metricMembers } = queriesOf(asked);
  const checked = new MetricQueries(queries);
  const [returned, ...others] = checked.returned;
  if (returned === undefined || others.length > 0)
    throw validationError('Exactly one of the Metrics must return data.');
  if (checked.periodSeconds(returned) * evaluationPeriods > LOOK_BACK_SECONDS) {
    throw validationError('EvaluationPeriods times Period must be at most seven days.');
  }
  return {
    kind: 'metric',
    ...alarmSettings(asked),
    queries,
    metricMembers,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: asked.TreatMissingData,
    comparison: asked.ComparisonOperator,
    threshold: asked.Threshold,
  };
}

/** The settings that PutCompositeAlarm asks for. Throws ValidationError. */
export function compositeAlarmSettings(input: unknown): CompositeAlarmSettings {
  const asked = parseInput(compositeAlarmInput, input);
  return {
    kind: 'composite',
    ...alarmSettings(asked),
    rule: parseCompositeRule(asked.AlarmRule),
    ruleText: asked.AlarmRule,
  };
}

function queriesOf(asked: z.infer<typeof metricAlarmInput>): Pick<MetricAlarmSettings, 'queries' | 'metricMembers'> {
  const { Metrics, MetricName, Namespace, Dimensions, Statistic, ExtendedStatistic, Period, Unit } = asked;
  if (Metrics !== undefined) {
    if (MetricName !== undefined || Statistic !== undefined || ExtendedStatistic !== undefined) {
      throw validationError('An alarm has either Metrics, or MetricName with a statistic.');
    }
    return { queries: Metrics.map(queryOf), metricMembers: { Metrics } };
  }
  const stat = Statistic ?? ExtendedStatistic;
  if (MetricName === undefined || Namespace === undefined || Period === undefined || stat === undefined) {
    throw validationError(
      'An alarm needs MetricName, Namespace, Period and Statistic or ExtendedStatistic, or else Metrics.',
    );
  }
  if (Statistic !== undefined && ExtendedStatistic !== undefined) {
    throw validationError('An alarm has either Statistic or ExtendedStatistic.');
  }
  const metric = { namespace: Namespace, metricName: MetricName, dimensions: dimensionsOf(Dimensions) };
  const query: MetricQuery = {
    id: ID,
    of: { metric, periodSeconds: Period, stat, ...(Unit !== undefined && { unit: Unit }) },
    isReturned: true,
  };
  const members = { MetricName, Namespace, Dimensions: Dimensions ?? [], Statistic, ExtendedStatistic, Period, Unit };
  return { queries: [query], metricMembers: members };
}

function alarmSettings(asked: z.infer<typeof compositeAlarmInput> | z.infer<typeof metricAlarmInput>): AlarmSettings {
  return {
    name: asked.AlarmName,
    description: asked.AlarmDescription,
    actionsEnabled: asked.ActionsEnabled,
    okActions: asked.OKActions,
    alarmActions: asked.AlarmActions,
    insufficientDataActions: asked.InsufficientDataActions,
    tags: asked.Tags,
  };
}
