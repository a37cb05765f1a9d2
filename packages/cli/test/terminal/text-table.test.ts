import { describe, expect, it } from '@jest/globals';
import { textTable } from '../../src/terminal/text-table.ts';

const header = [
  { name: 'hashtag', isNumber: false },
  { name: 'tweets', isNumber: true },
];

describe('a table', () => {
  it('aligns texts to the left and numbers to the right, whatever their width', () => {
    const rows = [
      ['сегодня', '12'],
      ['日本語', '3'],
      ['👩‍👩‍👧 é', '1204'],
    ];
    expect(textTable(header, rows)).toEqual([
      'hashtag  tweets',
      '───────  ──────',
      'сегодня      12',
      '日本語        3',
      '👩‍👩‍👧 é       1204',
    ]);
  });

  it('keeps a text on one line, and replaces what could harm the screen', () => {
    expect(textTable(header, [['a\n\tb \u001b[2J\u202e', '1']])[2]).toBe('a b \ufffd[2J\ufffd       1');
  });

  it('cuts the widest columns so that it fits, and no column to less than six characters', () => {
    const rows = [['x'.repeat(30), '1']];
    expect(textTable(header, rows, 20)).toEqual([
      'hashtag       tweets',
      '────────────  ──────',
      `${'x'.repeat(11)}…       1`,
    ]);
    expect(textTable(header, rows, 5)[2]).toBe('xxxxx…       1');
  });

  it('without rows has its header', () => {
    expect(textTable(header, [])).toEqual(['hashtag  tweets', '───────  ──────']);
  });
});
