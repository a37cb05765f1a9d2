import { describe, expect, it } from '@jest/globals';

import { barChart } from '../../src/terminal/bar-chart.ts';
import { textWidth } from '../../src/terminal/text-width.ts';

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

  it.each([24, 40, 60])('fits %d columns, with wide characters and long names too', (columns) => {
    const rows = [
      { label: `#${'日本語の長い名前'.repeat(9)}`, count: 12_345 },
      { label: `#${'👩‍👩‍👧'.repeat(40)}`, count: 700 },
      { label: '#short', count: 3 },
    ];
    const lines = barChart(rows, columns);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.map((line) => line.endsWith('…'))).toEqual([true, true, false]);
    expect(lines[0]).toMatch(/^12,345 █{8} #日本?/);
  });

  it('gives names the room that bars can spare', () => {
    const [line] = barChart([{ label: `#${'x'.repeat(40)}`, count: 9 }], 60);
    expect(line).toBe(`9 ${'█'.repeat(16)} #${'x'.repeat(40)}`);
  });

  it('shows no control characters, which could rewrite the screen', () => {
    expect(barChart([{ label: '#a\u001b[2J\nb', count: 1 }])[0]).toMatch(/ #a\uFFFD\[2J\uFFFDb$/);
  });
});
