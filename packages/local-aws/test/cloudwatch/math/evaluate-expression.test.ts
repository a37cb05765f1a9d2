import { describe, expect, it } from '@jest/globals';
import { evaluateExpression } from '../../../src/cloudwatch/math/evaluate-expression.ts';
import { parseExpression } from '../../../src/cloudwatch/math/parse-expression.ts';
import { isList, type Points, type Value } from '../../../src/cloudwatch/math/values.ts';

const _ = undefined;
/** Sunday, 2026-11-29T11:58:00Z. */
const startMs = Date.parse('2026-11-29T11:58:00Z');

function evaluate(expression: string, metrics: Readonly<Record<string, Points>>): Value {
  const all = Object.entries(metrics).map(([label, points]) => ({ label, points }));
  const count = Math.max(0, ...all.map(({ points }) => points.length));
  return evaluateExpression(parseExpression(expression), {
    grid: { startMs, periodSeconds: 60, count },
    metrics: (containing = '') => all.filter(({ label }) => label.includes(containing)),
    lookUp: (id) => all.find(({ label }) => label === id),
  });
}

/** Points of a time series, of each of an array, or the number. */
function plain(value: Value): unknown {
  if (typeof value === 'number') return value;
  return isList(value) ? value.map(({ points }) => points) : value.points;
}

type Case = [expression: string, metrics: Record<string, Points>, result: unknown];

/** AWS: "Using math expressions with CloudWatch metrics", its tables of examples. */
const documented: Case[] = [
  ['(m1 < m2)', { m1: [30, 20, 0, 0], m2: [20, _, 20, _] }, [0, 0, 1, 0]],
  ['(m1 >= 30)', { m1: [30, 20, 0, 0] }, [1, 0, 0, 0]],
  ['(m1 > 15 AND m2 > 15)', { m1: [30, 20, 0, 0], m2: [20, _, 20, _] }, [1, 0, 0, 0]],
  ['IF(m1, m2, m3)', { m1: [1, 1, 0, 0, _], m2: [30, _, 0, 0, 30], m3: [0, 0, 20, _, 20] }, [30, 0, 20, _, _]],
  ['IF(m1, 5, m3)', { m1: [1, 1, 0, 0, _], m3: [0, 0, 20, _, 20] }, [5, 5, 20, _, _]],
  ['IF(m1, m2, 5)', { m1: [1, 1, 0, 0, _], m2: [30, _, 0, 0, 30] }, [30, 0, 5, 5, _]],
  ['IF(m1 < 400, m1)', { m1: [399, 400] }, [399, _]],
  ['IF(m1 < 400, 10, 2)', { m1: [399, 400, _] }, [10, 2, _]],
];

/** The same page in words: precedence as usual, missing values are 0 in arithmetic, a division by zero is dropped. */
const described: Case[] = [
  ['1 + m1 * 2 - 4 / 2', { m1: [3] }, [5]],
  ['(1 + m1) * 2', { m1: [3] }, [8]],
  ['2 ^ m1', { m1: [3] }, [8]],
  ['-m1 + 1', { m1: [3] }, [-2]],
  ['m1 + m2', { m1: [1, _, _], m2: [2, 3, _] }, [3, 3, _]],
  ['m1 / m2', { m1: [4, 4], m2: [2, 0] }, [2, _]],
  ['m1 == 1 OR m1 == 2 && m1 != 2', { m1: [1, 2, 3] }, [1, 0, 0]],
  ['m1<=1||m1>2', { m1: [1, 2, 3] }, [1, 0, 1]],
  ['1e3 + .5', {}, 1000.5],
];

/** The table of functions of that page. */
const functions: Case[] = [
  ['ABS(m1)', { m1: [-1, _, 2] }, [1, _, 2]],
  ['CEIL(m1)', { m1: [1.2] }, [2]],
  ['FLOOR(m1)', { m1: [1.8] }, [1]],
  ['LOG10(m1)', { m1: [100, 0] }, [2, _]],
  ['LOG(m1)', { m1: [1] }, [0]],
  ['SUM(m1)', { m1: [1, _, 2] }, 3],
  ['SUM([m1, m2])', { m1: [1, _, _], m2: [2, 3, _] }, [3, 3, _]],
  ['SUM(METRICS())', { m1: [1, _], m2: [2, 3] }, [3, 3]],
  ['SUM(METRICS("a"))', { a1: [1], b1: [2], a2: [4] }, [5]],
  ['AVG([m1, m2])', { m1: [1, _], m2: [3, 3] }, [2, 3]],
  ['MAX([m1, m2])', { m1: [1, 5], m2: [3, _] }, [3, 5]],
  ['MIN(m1)', { m1: [4, 2, 3] }, 2],
  ['m1 / SUM(m1)', { m1: [1, 3] }, [0.25, 0.75]],
  ['STDDEV(m1)', { m1: [2, 4, 4, 4, 5, 5, 7, 9] }, 2],
  ['METRICS() * 2', { m1: [1], m2: [2] }, [[2], [4]]],
  ['METRIC_COUNT(METRICS())', { m1: [1], m2: [2] }, 2],
  ['FIRST(METRICS())', { m1: [1], m2: [2] }, [1]],
  ['LAST(METRICS())', { m1: [1], m2: [2] }, [2]],
  ['REMOVE_EMPTY(METRICS())', { m1: [_], m2: [2] }, [[2]]],
  ['DATAPOINT_COUNT(m1)', { m1: [1, _, 3] }, [2, 2, 2]],
  ['DIFF(m1)', { m1: [1, 4, _, 2] }, [_, 3, _, -2]],
  ['DIFF_TIME(m1)', { m1: [1, 4, _, 2] }, [_, 60, _, 120]],
  ['RATE(m1)', { m1: [0, 120, _, 240] }, [_, 2, _, 1]],
  ['RUNNING_SUM(m1)', { m1: [1, _, 2, 3] }, [1, _, 3, 6]],
  ['FILL(m1, 7)', { m1: [_, 1, _] }, [7, 1, 7]],
  ['FILL(m1, m2)', { m1: [_, 1], m2: [5, 5] }, [5, 1]],
  ['FILL(m1, REPEAT)', { m1: [_, 1, _, 3, _] }, [_, 1, 1, 3, 3]],
  ['FILL(m1, LINEAR)', { m1: [_, 1, _, 3, _] }, [_, 1, 2, 3, _]],
  [
    'FILL(METRICS(), 0)',
    { m1: [_, 1], m2: [2, _] },
    [
      [0, 1],
      [2, 0],
    ],
  ],
  ['m1 / PERIOD(m1)', { m1: [120] }, [2]],
  ['TIME_SERIES(3)', { m1: [_, _] }, [3, 3]],
  ['MINUTE(m1)', { m1: [1, 1, 1] }, [58, 59, 0]],
  ['HOUR(m1)', { m1: [1, 1, 1] }, [11, 11, 12]],
  ['DAY(m1)', { m1: [1] }, [7]],
  ['DATE(m1)', { m1: [1] }, [29]],
  ['MONTH(m1)', { m1: [1] }, [11]],
  ['YEAR(m1)', { m1: [1] }, [2026]],
  ['EPOCH(m1)', { m1: [1] }, [startMs / 1000]],
  ['IF(FILL(m1, 0) > 0 AND FILL(m2, 0) == 0, 1, 0)', { m1: [5, 5, _, _], m2: [1, _, 1, _] }, [0, 1, 0, 0]],
];

describe('metric math', () => {
  it.each([...documented, ...described, ...functions])('%s of %j', (expression, metrics, result) => {
    expect(plain(evaluate(expression, metrics))).toEqual(result);
  });

  it.each([
    ['SEARCH(m1, 1)', 'The function SEARCH of metric math is not supported by the local endpoint'],
    ['ANOMALY_DETECTION_BAND(m1)', 'The function ANOMALY_DETECTION_BAND of metric math is not supported'],
    ['SELECT AVG(CPUUtilization) FROM "AWS/EC2"', 'Metrics Insights queries (SELECT) are not supported'],
    ['m2', "There is no metric 'm2'."],
    ['FILL(m1, OFTEN)', "There is no metric 'OFTEN'."],
    ['m1 +', 'more was expected at its end'],
    ['m1 m1', "'m1' was not expected"],
    ['(m1', 'more was expected at its end'],
    ['m1 ? 1', "' ? 1' is not known"],
    ['SUM(m1 m1)', "',' or ')' was expected instead of 'm1'"],
    ['1 / 0', 'A number of the expression cannot be computed'],
    ['MAX([m1, 2])', 'An array has time series, no numbers.'],
    ['METRICS() + METRICS()', 'Two arrays of time series cannot be combined'],
    ['RATE(5)', 'RATE needs a time series, not a number.'],
    ['IF(m1)', 'IF takes two or three arguments.'],
    ['"text"', "The text 'text' is no value."],
    ['1'.repeat(2_049), 'at most 2048 characters'],
  ])('refuses %.60s', (expression, message) => {
    expect(() => evaluate(expression, { m1: [1] })).toThrow(message);
  });
});
