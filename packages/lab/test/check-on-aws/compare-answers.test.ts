import { describe, expect, it } from '@jest/globals';
import { findDifference, type StateAnswer } from '../../src/check-on-aws/compare-answers.ts';

const answer = (output: unknown, members: Partial<StateAnswer> = {}): StateAnswer => ({
  status: 'SUCCEEDED',
  output: JSON.stringify(output),
  ...members,
});

describe('findDifference', () => {
  it.each([
    ['equal values, in any order of members', { a: 1, b: [2] }, { a: 1, b: [2] }, { b: [2], a: 1 }, undefined],
    ['a value that changes with the time', { at: 1, a: 2 }, { at: 5, a: 2 }, { at: 9, a: 2 }, undefined],
    ['a list whose length changes with the time', [1], [1, 2], [1, 2, 3], undefined],
    ['another value', { a: [1, 2] }, { a: [1, 2] }, { a: [1, 3] }, 'output.a[1]: 2 here, 3 there'],
    ['a longer list', [1], [1], [1, 2], 'output: [1] here, [1,2] there'],
    ['a list for one element', [1], [1], 1, 'output: [1] here, 1 there'],
    ['a missing member', { a: null }, { a: null }, {}, 'output.a: null here, nothing there'],
    ['a member too many', {}, {}, { a: 'x' }, 'output.a: nothing here, "x" there'],
    ['a missing member that changes', { a: 1 }, { a: 2 }, {}, 'output.a: 1 here, nothing there'],
    ['a long value', 'x'.repeat(99), 'x'.repeat(99), 'y', `output: "${'x'.repeat(59)}… here, "y" there`],
  ])('%s', (_, expected, later, found, difference) => {
    expect(findDifference(answer(expected), answer(later), answer(found))).toBe(difference);
  });

  it.each([
    [{ status: 'FAILED' as const }, 'status: "SUCCEEDED" here, "FAILED" there'],
    [{ nextState: 'B' }, 'nextState: null here, "B" there'],
    [{ error: 'E' }, 'error: null here, "E" there'],
    [{ output: undefined }, 'output: 1 here, null there'],
  ])('%j', (members, difference) => {
    expect(findDifference(answer(1), answer(1), answer(1, members))).toBe(difference);
  });
});
