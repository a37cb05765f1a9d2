import { describe, expect, it } from '@jest/globals';

import { alarmSchema, alarmStates } from './alarm-states.ts';

describe('the state of an alarm', () => {
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
    const data =
      ({ MetricName }: { MetricName: string }) =>
      (minute: number) =>
        minute < 5 ? 2 : MetricName === 'sum' ? 1 : undefined;

    expect(alarmStates(alarm, 10, data)).toEqual([true, false]);
  });
});
