import { describe, expect, it } from '@jest/globals';

import { barChart } from '../../src/terminal/bar-chart.ts';

describe('a bar chart', () => {
  it('aligns counts and labels, and gives the smallest count a bar too', () => {
    expect(
      barChart([
        { label: '#กรุงเทพ', count: 3200 },
        { label: '#b', count: 1600 },
        { label: '#c', count: 1 },
      ]),
    ).toEqual([
      `3,200 ${'█'.repeat(32)} #กรุงเทพ`,
      `1,600 ${'█'.repeat(16)}${' '.repeat(16)} #b`,
      `    1 █${' '.repeat(31)} #c`,
    ]);
    expect(barChart([])).toEqual([]);
  });

  it('shows no control characters, which could rewrite the screen', () => {
    expect(barChart([{ label: '#a\u001b[2J\nb', count: 1 }])[0]).toMatch(/ #a\uFFFD\[2J\uFFFDb$/);
  });
});
