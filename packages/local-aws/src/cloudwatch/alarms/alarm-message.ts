import type { Alarm, MetricAlarmSettings } from './alarm.ts';
import { awsTime } from './evaluate-alarm.ts';
import type { AlarmState } from './next-state.ts';

/** What an alarm publishes to a topic. */
export interface AlarmMessage {
  readonly subject: string;
  readonly message: string;
}

const SUBJECT_CHARACTERS = 100;

/** The names by which AWS's messages call regions. Others are called by their code. */
const regionNames: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-west-1': 'EU (Ireland)',
};

/**
 * The message of a change of state, with AWS's members. AWS gives examples, not a schema:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alarmMessage(alarm: Alarm, before: AlarmState): AlarmMessage {
  const { settings, arn, state, reason } = alarm;
  const [, , , regionCode = '', accountId = ''] = arn.split(':');
  const region = regionNames[regionCode] ?? regionCode;
  const subject = `${state}: "${settings.name}" in ${region}`;
  const message = {
    AlarmName: settings.name,
    AlarmDescription: settings.description ?? null,
    AWSAccountId: accountId,
    AlarmConfigurationUpdatedTimestamp: awsTime(alarm.configuredMs),
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: awsTime(alarm.stateUpdatedMs),
    Region: region,
    AlarmArn: arn,
    OldStateValue: before,
    OKActions: settings.okActions,
    AlarmActions: settings.alarmActions,
    InsufficientDataActions: settings.insufficientDataActions,
    ...(settings.kind === 'metric' ? { Trigger: trigger(settings) } : { AlarmRule: settings.ruleText }),
  };
  return {
    subject: subject.length <= SUBJECT_CHARACTERS ? subject : `${subject.slice(0, SUBJECT_CHARACTERS - 3)}...`,
    message: JSON.stringify(message),
  };
}

function trigger(settings: MetricAlarmSettings): object {
  const { metricMembers, queries } = settings;
  const { Statistic, ExtendedStatistic, Period, Unit } = metricMembers;
  const [only] = queries;
  const metric =
    metricMembers.Metrics === undefined && only !== undefined && 'stat' in only.of
      ? {
          MetricName: only.of.metric.metricName,
          Namespace: only.of.metric.namespace,
          StatisticType: ExtendedStatistic === undefined ? 'Statistic' : 'ExtendedStatistic',
          ...(ExtendedStatistic === undefined
            ? { Statistic: statisticInMessage(String(Statistic)) }
            : { ExtendedStatistic }),
          Unit: Unit ?? null,
          Dimensions: dimensionsInMessage(only.of.metric.dimensions),
          Period,
        }
      : { Metrics: queries.map(queryInMessage) };
  return {
    ...metric,
    EvaluationPeriods: settings.evaluationPeriods,
    DatapointsToAlarm: settings.datapointsToAlarm,
    ComparisonOperator: settings.comparison,
    Threshold: settings.threshold,
    TreatMissingData: settings.treatMissingData,
    EvaluateLowSampleCountPercentile: '',
  };
}

function queryInMessage({ id, of, label, isReturned }: MetricAlarmSettings['queries'][number]): object {
  const query =
    'stat' in of
      ? {
          MetricStat: {
            Metric: {
              Dimensions: dimensionsInMessage(of.metric.dimensions),
              MetricName: of.metric.metricName,
              Namespace: of.metric.namespace,
            },
            Period: of.periodSeconds,
            Stat: of.stat,
          },
        }
      : { Expression: of.expression };
  return { ...query, Id: id, ...(label !== undefined && { Label: label }), ReturnData: isReturned };
}

/** `SampleCount` is `SAMPLE_COUNT`. */
function statisticInMessage(statistic: string): string {
  return statistic.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

function dimensionsInMessage(dimensions: Readonly<Record<string, string>>): object[] {
  return Object.entries(dimensions).map(([name, value]) => ({ value, name }));
}
