import { describe, expect, it } from '@jest/globals';

import { alarmSchema, alarmStates, nextState } from './alarm-states.ts';

/** `0` good, `X` breaching, `-` missing, as in the tables of AWS. */
const points = (text: string) =>
  [...text.replaceAll(' ', '')].map((point) => (point === '-' ? undefined : point === 'X'));

describe('the state of an alarm', () => {
  /** AWS: "Configuring how CloudWatch alarms treat missing data", the column NOT BREACHING of both tables. */
  it.each([
    ['0 - X - X', 3, false],
    ['0 - - - -', 3, false],
    ['- - - - -', 3, false],
    ['0 X X - X', 3, true],
    ['- - - - X', 3, false],
    ['X - - - -', 3, false],
    ['0 - X - X', 2, true],
    ['0 0 X 0 X', 2, true],
    ['0 - X - -', 2, false],
    ['- - - - 0', 2, false],
    ['- - - - X', 2, false],
  ])('after %s with %i of 3', (range, DatapointsToAlarm, isAlarm) => {
    const alarm = { EvaluationPeriods: 3, DatapointsToAlarm, Namespace: 'AWS/Kinesis' };

    expect(nextState(points(range), alarm, false)).toBe(isAlarm);
  });

  it('stays while data of DynamoDB are missing', () => {
    const alarm = { EvaluationPeriods: 1, DatapointsToAlarm: 1, Namespace: 'AWS/DynamoDB' };

    expect([true, false].map((state) => nextState(points('- - -'), alarm, state))).toEqual([true, false]);
  });

  it('is of an expression over statistics of whole periods', () => {
    const metric = (MetricName: string) => ({ Namespace: 'N', MetricName, Dimensions: [] });
    const alarm = alarmSchema.parse({
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
      Metrics: [
        { Id: 'e', Expression: 'IF(FILL(sum, 0) > 9 AND FILL(largest, 0) == 2, 1, 0)' },
        { Id: 'sum', ReturnData: false, MetricStat: { Metric: metric('sum'), Period: 300, Stat: 'Sum' } },
        { Id: 'largest', ReturnData: false, MetricStat: { Metric: metric('largest'), Period: 300, Stat: 'Maximum' } },
      ],
    });
    const data = ({ MetricName }: { MetricName: string }, minute: number) =>
      minute < 5 ? 2 : MetricName === 'sum' ? 1 : undefined;

    expect(alarmStates(alarm, 10, data)).toEqual([true, false]);
  });
});
