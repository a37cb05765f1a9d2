import { type DataPoint, dataPoints, type Grid } from '../math/values.ts';
import type { MetricQueries } from '../queries.ts';
import type { MetricStore } from '../store/metric-store.ts';
import type { Comparison, MetricAlarmSettings, Verdict } from './alarm.ts';
import { type AlarmRule, type AlarmState, EXTRA_DATAPOINTS, nextState } from './next-state.ts';

const MINUTE_SECONDS = 60;
/** How often an alarm is evaluated whose period is below a minute. */
const HIGH_RESOLUTION_SECONDS = 10;

const compare: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const inWords: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** The end of the newest range that can be evaluated: the last full minute, or ten seconds for a shorter period. */
export function rangeEndMs(periodSeconds: number, nowMs: number): number {
  const stepMs = (periodSeconds < MINUTE_SECONDS ? HIGH_RESOLUTION_SECONDS : MINUTE_SECONDS) * 1000;
  return Math.floor(nowMs / stepMs) * stepMs;
}

/**
 * Evaluates an alarm over the periods before `endMs`. AWS evaluates every minute over the periods up to then, so that
 * periods of five minutes overlap from one evaluation to the next.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-evaluation
 */
export function evaluateAlarm(
  settings: MetricAlarmSettings,
  queries: MetricQueries,
  store: MetricStore,
  endMs: number,
  state: AlarmState,
): Verdict {
  const { comparison, threshold, evaluationPeriods } = settings;
  const count = evaluationPeriods + EXTRA_DATAPOINTS;
  const gridOf = (periodSeconds: number): Grid => ({
    startMs: endMs - count * periodSeconds * 1000,
    periodSeconds,
    count,
  });
  const [result] = queries.evaluate(store, gridOf);
  const points = result?.series[0]?.points ?? [];
  const range = Array.from({ length: count }, (_, index) => {
    const value = points[index];
    return value === undefined ? undefined : compare[comparison](value, threshold);
  });
  const rule = ruleOf(settings);
  const next = nextState(range, rule, state);
  const periodSeconds = result?.grid.periodSeconds ?? MINUTE_SECONDS;
  const found = result === undefined ? [] : dataPoints(points, result.grid);
  const evaluated = found.slice(-evaluationPeriods).reverse();
  return {
    state: next,
    reason: reasonOf(settings, rule, next, evaluated),
    data: {
      version: '1.0',
      queryDate: awsTime(endMs),
      ...(evaluated.length > 0 && { startDate: awsTime(evaluated.at(-1)?.atMs ?? endMs) }),
      ...statisticMembers(settings),
      period: periodSeconds,
      recentDatapoints: evaluated.map(({ value }) => value).reverse(),
      threshold,
      evaluatedDatapoints: evaluated.map(({ value, atMs }) => ({ timestamp: awsTime(atMs), value })),
    },
  };
}

/**
 * Alarms on metrics of DynamoDB always ignore missing data.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function ruleOf(settings: MetricAlarmSettings): AlarmRule {
  return settings.metricMembers.Namespace === 'AWS/DynamoDB' ? { ...settings, treatMissingData: 'ignore' } : settings;
}

/** As AWS prints a time in these texts: `2026-11-29T11:30:00.000+0000`. */
export function awsTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('Z', '+0000');
}

function statisticMembers({ metricMembers: { Statistic, ExtendedStatistic } }: MetricAlarmSettings): object {
  const statistic = Statistic ?? ExtendedStatistic;
  return statistic === undefined ? {} : { statistic };
}

function reasonOf(
  { comparison, threshold, evaluationPeriods }: MetricAlarmSettings,
  { treatMissingData, datapointsToAlarm }: AlarmRule,
  state: AlarmState,
  evaluated: readonly DataPoint[],
): string {
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${evaluated.length} datapoints were received for ${counted(evaluationPeriods, 'period')}`;
  }
  const missing = evaluationPeriods - evaluated.length;
  const treated = treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  const filled = `${counted(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as [${treated}]`;
  if (evaluated.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${counted(evaluationPeriods, 'period')} and ${filled}.`;
  }
  const breaching = evaluated.filter(({ value }) => compare[comparison](value, threshold)).length;
  const meant = state === 'ALARM' ? breaching : evaluated.length - breaching;
  const values = evaluated.map(({ value, atMs }) => `${decimal(value)} (${shortTime(atMs)})`).join(', ');
  const holds = `${state === 'ALARM' ? '' : 'not '}${inWords[comparison]} the threshold (${decimal(threshold)})`;
  const transition = `(minimum ${counted(datapointsToAlarm, 'datapoint')} for ${state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK'} transition)`;
  const isFilled = missing > 0 && treatMissingData !== 'missing' && treatMissingData !== 'ignore';
  return `Threshold Crossed: ${meant} out of the last ${counted(evaluated.length, 'datapoint')} [${values}] ${meant === 1 ? 'was' : 'were'} ${holds} ${transition}${isFilled ? `, and ${filled}` : ''}.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** As AWS prints numbers in these texts: `1.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `29/11/26 11:30:00` */
function shortTime(timeMs: number): string {
  const [year = '', month = '', day = ''] = new Date(timeMs).toISOString().slice(0, 10).split('-');
  return `${day}/${month}/${year.slice(2)} ${new Date(timeMs).toISOString().slice(11, 19)}`;
}
