import { z } from 'zod';
import type { Operation } from '../../gateway/local-service.ts';
import type { Alarm, MetricAlarmSettings } from '../alarms/alarm.ts';
import type { Alarms } from '../alarms/alarms.ts';
import { alarmsIn } from '../alarms/composite-rule.ts';
import { resourceNotFound, validationError } from '../errors.ts';
import { compositeAlarmSettings, metricAlarmSettings } from './alarm-input.ts';
import { dimensions, dimensionsOf, number, pageOf, parseInput, time } from './input.ts';

const state = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
const alarmTypes = z.array(z.enum(['MetricAlarm', 'CompositeAlarm']));
const maxRecords = number.pipe(z.int().min(1).max(100));

const describeInput = z.strictObject({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().optional(),
  AlarmTypes: alarmTypes.default(['MetricAlarm']),
  ChildrenOfAlarmName: z.string().optional(),
  ParentsOfAlarmName: z.string().optional(),
  StateValue: state.optional(),
  ActionPrefix: z.string().optional(),
  MaxRecords: maxRecords.default(50),
  NextToken: z.string().optional(),
});

const describeForMetricInput = z.strictObject({
  MetricName: z.string(),
  Namespace: z.string(),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Dimensions: dimensions.optional(),
  Period: number.optional(),
  Unit: z.string().optional(),
});

const historyInput = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmTypes: alarmTypes.optional(),
  HistoryItemType: z.enum(['ConfigurationUpdate', 'StateUpdate', 'Action']).optional(),
  StartDate: time.optional(),
  EndDate: time.optional(),
  MaxRecords: maxRecords.default(100),
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
});

const setStateInput = z.strictObject({
  AlarmName: z.string(),
  StateValue: state,
  StateReason: z.string().max(1023),
  StateReasonData: z.string().max(4000).optional(),
});

const namesInput = z.strictObject({ AlarmNames: z.array(z.string()).max(100) });

const taggedInput = z.strictObject({ ResourceARN: z.string() });

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html, what is about alarms. */
export function alarmOperations(alarms: Alarms): Record<string, Operation> {
  const enableActions =
    (isEnabled: boolean): Operation =>
    async (input) => {
      const { AlarmNames } = parseInput(namesInput, input);
      for (const alarm of alarms.all) if (AlarmNames.includes(alarm.settings.name)) alarm.setActionsEnabled(isEnabled);
      return {};
    };
  return {
    async PutMetricAlarm(input) {
      alarms.put(metricAlarmSettings(input));
      return {};
    },
    async PutCompositeAlarm(input) {
      alarms.put(compositeAlarmSettings(input));
      return {};
    },
    async DeleteAlarms(input) {
      alarms.delete(parseInput(namesInput, input).AlarmNames);
      return {};
    },
    DescribeAlarms: async (input) => describeAlarms(parseInput(describeInput, input), alarms),
    async DescribeAlarmsForMetric(input) {
      const asked = parseInput(describeForMetricInput, input);
      return { MetricAlarms: alarms.all.filter((alarm) => isOnMetric(alarm, asked)).map(describe) };
    },
    DescribeAlarmHistory: async (input) => describeHistory(parseInput(historyInput, input), alarms),
    async SetAlarmState(input) {
      const { AlarmName, StateValue, StateReason, StateReasonData } = parseInput(setStateInput, input);
      const data = StateReasonData === undefined ? {} : { data: reasonData(StateReasonData) };
      alarms.setState(AlarmName, { state: StateValue, reason: StateReason, ...data });
      return {};
    },
    EnableAlarmActions: enableActions(true),
    DisableAlarmActions: enableActions(false),
    async ListTagsForResource(input) {
      const { ResourceARN } = parseInput(taggedInput, input);
      const alarm = alarms.all.find(({ arn }) => arn === ResourceARN);
      if (alarm === undefined) throw resourceNotFound(`There is no alarm ${ResourceARN}.`);
      return { Tags: alarm.settings.tags };
    },
  };
}

function reasonData(text: string): object {
  try {
    return z.looseObject({}).parse(JSON.parse(text));
  } catch {
    throw validationError('StateReasonData must be a JSON object.');
  }
}

function describeAlarms(input: z.infer<typeof describeInput>, alarms: Alarms): object {
  const children =
    input.ChildrenOfAlarmName === undefined ? undefined : childrenOf(alarms.get(input.ChildrenOfAlarmName));
  const isOfType = ({ settings }: Alarm) =>
    input.AlarmTypes.includes(settings.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm');
  const isAsked = (alarm: Alarm): boolean => {
    const { name } = alarm.settings;
    const actions = [
      ...alarm.settings.okActions,
      ...alarm.settings.alarmActions,
      ...alarm.settings.insufficientDataActions,
    ];
    return (
      (input.AlarmNames === undefined || input.AlarmNames.includes(name)) &&
      name.startsWith(input.AlarmNamePrefix ?? '') &&
      (children === undefined || children.includes(name)) &&
      (input.ParentsOfAlarmName === undefined || childrenOf(alarm).includes(input.ParentsOfAlarmName)) &&
      (input.StateValue === undefined || alarm.state === input.StateValue) &&
      (input.ActionPrefix === undefined || actions.some((action) => action.startsWith(input.ActionPrefix ?? '')))
    );
  };
  const isFamily = input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined;
  const found = alarms.all.filter((alarm) => (isFamily || isOfType(alarm)) && isAsked(alarm));
  const { page, next } = pageOf(found, input.NextToken, input.MaxRecords);
  return {
    MetricAlarms: page.filter(({ settings }) => settings.kind === 'metric').map(describe),
    CompositeAlarms: page.filter(({ settings }) => settings.kind === 'composite').map(describe),
    ...(next !== undefined && { NextToken: next }),
  };
}

function childrenOf({ settings }: Alarm): string[] {
  return settings.kind === 'composite' ? alarmsIn(settings.rule) : [];
}

function isOnMetric({ settings }: Alarm, asked: z.infer<typeof describeForMetricInput>): boolean {
  if (settings.kind !== 'metric') return false;
  const { metricMembers } = settings;
  const [query] = settings.queries;
  if (query === undefined || !('stat' in query.of) || metricMembers.MetricName !== asked.MetricName) return false;
  const dimensionsAsked = dimensionsOf(asked.Dimensions);
  const { metric } = query.of;
  const names = Object.keys(metric.dimensions);
  return (
    metric.namespace === asked.Namespace &&
    names.length === Object.keys(dimensionsAsked).length &&
    names.every((name) => metric.dimensions[name] === dimensionsAsked[name]) &&
    (asked.Statistic === undefined || metricMembers.Statistic === asked.Statistic) &&
    (asked.ExtendedStatistic === undefined || metricMembers.ExtendedStatistic === asked.ExtendedStatistic) &&
    (asked.Period === undefined || metricMembers.Period === asked.Period) &&
    (asked.Unit === undefined || metricMembers.Unit === asked.Unit)
  );
}

function describe(alarm: Alarm): object {
  const { settings, arn } = alarm;
  return {
    AlarmName: settings.name,
    AlarmArn: arn,
    AlarmDescription: settings.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredMs),
    ActionsEnabled: settings.actionsEnabled,
    OKActions: settings.okActions,
    AlarmActions: settings.alarmActions,
    InsufficientDataActions: settings.insufficientDataActions,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedMs),
    StateTransitionedTimestamp: new Date(alarm.stateUpdatedMs),
    ...(settings.kind === 'composite' ? { AlarmRule: settings.ruleText } : metricMembers(settings)),
  };
}

function metricMembers(settings: MetricAlarmSettings): object {
  return {
    ...settings.metricMembers,
    EvaluationPeriods: settings.evaluationPeriods,
    DatapointsToAlarm: settings.datapointsToAlarm,
    Threshold: settings.threshold,
    ComparisonOperator: settings.comparison,
    TreatMissingData: settings.treatMissingData,
  };
}

function describeHistory(input: z.infer<typeof historyInput>, alarms: Alarms): object {
  const found = alarms.history.filter(
    ({ alarm, alarmType, type, atMs }) =>
      (input.AlarmName === undefined || alarm === input.AlarmName) &&
      (input.AlarmTypes === undefined || input.AlarmTypes.includes(alarmType)) &&
      (input.HistoryItemType === undefined || type === input.HistoryItemType) &&
      (input.StartDate === undefined || atMs >= input.StartDate.getTime()) &&
      (input.EndDate === undefined || atMs <= input.EndDate.getTime()),
  );
  const ordered = input.ScanBy === 'TimestampAscending' ? found : found.toReversed();
  const { page, next } = pageOf(ordered, input.NextToken, input.MaxRecords);
  return {
    AlarmHistoryItems: page.map(({ alarm, alarmType, atMs, type, summary, data }) => ({
      AlarmName: alarm,
      AlarmType: alarmType,
      Timestamp: new Date(atMs),
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: JSON.stringify(data),
    })),
    ...(next !== undefined && { NextToken: next }),
  };
}
