import { expect, it } from '@jest/globals';
import { table } from '../../src/scale/table.ts';

it('sets numbers to the right, words to the left, and shows what is not there', () => {
  const rows = [
    ['one', 1_234.5, true],
    ['three', 0.5, undefined],
  ];
  expect(table(['what', 'many', 'well'], rows)).toBe(
    ['what    many  well', 'one    1,235  yes', 'three   0.50  –'].join('\n'),
  );
});
