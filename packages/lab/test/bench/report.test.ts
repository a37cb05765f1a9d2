import { describe, expect, it } from '@jest/globals';

import { type BenchReport, mediansBefore, missed, reportText, significant, table } from '../../src/bench/report.ts';

const report: BenchReport = {
  startedAt: '2026-11-26T10:00:00.000Z',
  machine: { processor: 'A processor', cores: 2, memoryMegabytes: 24_000, kernel: 'linux 6.1', node: 'v24.21.0' },
  commit: 'abc123',
  dirty: true,
  versions: { 'tweet-pipes': '0.1.0', kinesalite: '3.3.3' },
  seconds: 61.4,
  subjects: [
    {
      name: 'headline',
      figures: [
        { name: 'pipeline', unit: 'tweets/s', repeats: [1_000, 1_204, 1_500], median: 1_204 },
        { name: 'interpreter, each', unit: 'µs/state', repeats: [8], median: 8, goal: { atMost: 7 } },
        { name: 'rate', unit: 'tweets/s', repeats: [8], median: 8, goal: { atLeast: 7 } },
      ],
      ratios: [
        { name: 'share', of: 'pipeline ÷ floor', repeats: [0.5, 0.512, 0.6], median: 0.512, goal: 0.8 },
        { name: 'against', of: 'pipeline ÷ tutorial', repeats: [12, 13, 14], median: 13, goal: 10 },
      ],
      notes: ['What it means.'],
    },
  ],
};

describe('reportText', () => {
  it('shows the median, each round, the median before, and whether a goal is met', () => {
    expect(reportText(report).slice(3, 10)).toEqual([
      'headline',
      '  pipeline           1,204  tweets/s                                           1,000  1,204  1,500',
      '  interpreter, each   8.00  µs/state (goal at most 7.00: missed)  before 9.00',
      '  rate                8.00  tweets/s (goal 7.00: met)',
      '  share              0.512  × (goal 0.8: missed)                               0.500  0.512  0.600',
      '  against             13.0  × (goal 10: met)                                   12.0  13.0  14.0',
      '  What it means.',
    ]);
  });

  it('says what was measured where', () => {
    expect(reportText(report).slice(0, 2)).toEqual([
      'A processor, 2 cores, 24 GB, linux 6.1, Node v24.21.0',
      'commit abc123 with changes, 2026-11-26T10:00:00.000Z; tweet-pipes 0.1.0, kinesalite 3.3.3',
    ]);
  });
});

it('names the figures and ratios that miss their goal', () => {
  expect(missed(report)).toEqual(['interpreter, each', 'share']);
});

it('finds the earlier medians of what was measured, and of nothing else', () => {
  expect(mediansBefore(report)).toEqual({ 'interpreter, each': 9 });
});

it.each([
  [0.51234, '0.512'],
  [7.8345, '7.83'],
  [99.96, '100'],
  [1_204.4, '1,204'],
  [0, '0'],
  [Number.NaN, '–'],
])('shows %d as %s', (value, expected) => {
  expect(significant(value)).toBe(expected);
});

it('aligns columns, the second to the right, without space at the end', () => {
  expect(
    table([
      ['a', '1', 'x', ''],
      ['bb', '100', ''],
    ]),
  ).toEqual(['a     1  x', 'bb  100']);
});
