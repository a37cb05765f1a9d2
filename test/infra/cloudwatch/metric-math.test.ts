import { describe, expect, it } from '@jest/globals';

import { evaluateMetricMath, type Series } from './metric-math.ts';

const _ = undefined;

/** AWS: "Using math expressions with CloudWatch metrics", its tables of examples. */
const documented: [expression: string, metrics: Record<string, Series>, result: Series][] = [
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
const described: typeof documented = [
  ['1 + m1 * 2 - 4 / 2', { m1: [3] }, [5]],
  ['(1 + m1) * 2', { m1: [3] }, [8]],
  ['m1 + m2', { m1: [1, _, _], m2: [2, 3, _] }, [3, 3, _]],
  ['m1 / m2', { m1: [4, 4], m2: [2, 0] }, [2, _]],
  ['FILL(m1, 7)', { m1: [_, 1, _] }, [7, 1, 7]],
  ['IF(FILL(m1, 0) > 0 AND FILL(m2, 0) == 0, 1, 0)', { m1: [5, 5, _, _], m2: [1, _, 1, _] }, [0, 1, 0, 0]],
  ['m1 == 1 OR m1 == 2 && m1 != 2', { m1: [1, 2, 3] }, [1, 0, 0]],
  ['m1<=1||m1>2', { m1: [1, 2, 3] }, [1, 0, 1]],
];

describe('metric math', () => {
  it.each([...documented, ...described])('%s', (expression, metrics, result) => {
    expect(evaluateMetricMath(expression, new Map(Object.entries(metrics)))).toEqual(result);
  });

  it.each([
    ['SEARCH(m1, 1)', 'the function SEARCH is not evaluated'],
    ['FILL(m1, REPEAT)', "there is no metric 'REPEAT'"],
    ['m1 +', 'more was expected'],
    ['m1 m1', "'m1' was not expected"],
    ['(m1', 'more was expected'],
    ['m1 ? 1', 'is not known in m1 ? 1'],
    ['1 + 1', 'gives a number'],
  ])('refuses %s', (expression, message) => {
    expect(() => evaluateMetricMath(expression, new Map([['m1', [1]]]))).toThrow(message);
  });
});
