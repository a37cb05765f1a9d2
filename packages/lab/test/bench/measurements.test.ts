import { describe, expect, it } from '@jest/globals';

import { Measurements, median, meetsGoal, percentile } from '../../src/bench/measurements.ts';

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
    [[7], 7],
    [[], Number.NaN],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [[5, 1], 0.99, 5],
    [[5, 1], 0, 1],
    [[], 0.5, Number.NaN],
  ])('of %j at %d is %d, the nearest rank', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });
});

describe('Measurements', () => {
  it('keeps the repeats of a figure in their order, with their median', () => {
    const results = new Measurements();
    for (const value of [3, 9, 4]) results.add('speed', 'tweets/s', value);

    expect(results.figures).toEqual([{ name: 'speed', unit: 'tweets/s', repeats: [3, 9, 4], median: 4 }]);
  });

  it('divides within each round and takes the median of that, not the ratio of the medians', () => {
    const results = new Measurements();
    for (const value of [10, 40, 90]) results.add('ours', 'tweets/s', value);
    for (const value of [10, 10, 100]) results.add('theirs', 'tweets/s', value);

    results.ratio('share', 'ours', 'theirs', 0.8);

    expect(results.ratios).toEqual([
      { name: 'share', of: 'ours ÷ theirs', repeats: [1, 4, 0.9], median: 1, goal: 0.8 },
    ]);
  });

  it.each([
    [{ atLeast: 4 }, true],
    [{ atLeast: 5 }, false],
    [{ atMost: 4 }, true],
    [{ atMost: 3 }, false],
  ])('knows whether a median of 4 meets the goal %j', (goal, isMet) => {
    const results = new Measurements();
    for (const value of [3, 9, 4]) results.add('speed', 'tweets/s', value);
    expect(results.figures.every(meetsGoal)).toBe(true);

    results.goal('speed', goal);

    expect(results.figures.every(meetsGoal)).toBe(isMet);
    expect(() => results.goal('unknown', goal)).toThrow('Nothing was measured as unknown.');
  });

  it('refuses to compare what was not measured in the same rounds', () => {
    const results = new Measurements();
    results.add('ours', 'tweets/s', 1);
    results.add('ours', 'tweets/s', 2);
    results.add('theirs', 'tweets/s', 1);

    expect(() => results.ratio('share', 'ours', 'theirs')).toThrow('not of the same rounds');
    expect(() => results.ratio('share', 'ours', 'unknown')).toThrow('Nothing was measured as unknown.');
  });
});
