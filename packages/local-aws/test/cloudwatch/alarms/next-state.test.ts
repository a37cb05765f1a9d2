import { describe, expect, it } from '@jest/globals';
import { type AlarmRule, type AlarmState, nextState } from '../../../src/cloudwatch/alarms/next-state.ts';

/** `0` good, `X` breaching, `-` missing, the latest last, as in the tables of AWS. */
const points = (text: string) =>
  [...text.replaceAll(' ', '')].map((point) => (point === '-' ? undefined : point === 'X'));

const SAME = 'the current state';
type Outcome = AlarmState | typeof SAME;

/**
 * AWS: "Configuring how CloudWatch alarms treat missing data", both tables. Evaluation periods 3, evaluation range 5.
 * Columns: missing, ignore, breaching, notBreaching.
 */
const tables: [datapoints: string, datapointsToAlarm: number, ...outcomes: [Outcome, Outcome, Outcome, Outcome]][] = [
  ['0 - X - X', 3, 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 3, 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 3, 'INSUFFICIENT_DATA', SAME, 'ALARM', 'OK'],
  ['0 X X - X', 3, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 3, 'ALARM', SAME, 'ALARM', 'OK'],
  ['0 - X - X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 2, 'ALARM', SAME, 'ALARM', 'OK'],
];

/** The same page, "Avoiding premature transitions to alarm state", for missing data that is treated as missing. */
const premature: [datapoints: string, datapointsToAlarm: number, Outcome][] = [
  ['- - - - X', 3, SAME],
  ['- - - X -', 3, SAME],
  ['- - - X 0', 3, 'OK'],
  ['- - X - 0', 3, 'OK'],
  ['- - X - -', 3, 'ALARM'],
];

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const cases = [
  ...tables.flatMap(([datapoints, datapointsToAlarm, ...outcomes]) =>
    treatments.map((treatMissingData, index) => ({
      ...{ datapoints, datapointsToAlarm, treatMissingData },
      outcome: outcomes[index],
    })),
  ),
  ...premature.map(([datapoints, datapointsToAlarm, outcome]) => ({
    ...{ datapoints, datapointsToAlarm, outcome },
    treatMissingData: 'missing' as const,
  })),
];

describe('the state of an alarm', () => {
  it.each(cases)('after $datapoints with $datapointsToAlarm of 3, missing data $treatMissingData: $outcome', (row) => {
    const rule: AlarmRule = { ...row, evaluationPeriods: 3 };
    for (const state of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const) {
      expect(nextState(points(row.datapoints), rule, state)).toBe(row.outcome === SAME ? state : row.outcome);
    }
  });
});
