/** The state of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** When an alarm changes its state. */
export interface AlarmRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

/**
 * CloudWatch looks at more data points than the evaluation periods, so that some may be missing. Its documentation
 * shows five for three.
 */
export const EXTRA_DATAPOINTS = 2;

/**
 * The state after the data points of an evaluation range, the latest last: whether each breaches, undefined without
 * data. The latest that exist count; only if they are too few, missing ones are treated as the rule says.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function nextState(range: readonly (boolean | undefined)[], rule: AlarmRule, state: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const existing = range.filter((point) => point !== undefined);
  const evaluated = existing.slice(-evaluationPeriods);
  const breaching = evaluated.filter(Boolean).length;
  const missing = evaluationPeriods - evaluated.length;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (missing === 0) return 'OK';
  switch (treatMissingData) {
    case 'breaching':
      return breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return existing.includes(false) ? 'OK' : state;
    case 'missing':
      if (existing.length === 0) return 'INSUFFICIENT_DATA';
      if (existing.includes(false)) return 'OK';
      return breachedLongAgo(range, rule) ? 'ALARM' : state;
  }
}

/** Whether the oldest breach within the evaluation periods is as old as the data points that it takes. */
function breachedLongAgo(
  range: readonly (boolean | undefined)[],
  { evaluationPeriods, datapointsToAlarm }: AlarmRule,
): boolean {
  const latest = range.slice(-evaluationPeriods);
  const oldest = latest.indexOf(true);
  return oldest >= 0 && latest.length - oldest >= datapointsToAlarm;
}
