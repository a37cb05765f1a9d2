import { describe, expect, it } from '@jest/globals';
import { cellText, columnsIn } from '../../src/views/objects/row-columns.ts';

describe('columnsIn', () => {
  it('has the members of all rows in their order, and one for what is no object', () => {
    expect(columnsIn([{ id: 1, text: 'a' }, { id: 2, lang: 'en' }, 'broken'])).toEqual(['id', 'text', 'lang', '']);
  });

  it('has forty at most', () => {
    const row = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`c${n}`, n]));
    expect(columnsIn([row])).toHaveLength(40);
  });
});

describe('cellText', () => {
  it.each([
    [{ a: '<b>' }, 'a', '<b>'],
    [{ a: { b: [1] } }, 'a', '{"b":[1]}'],
    [{ a: null }, 'a', ''],
    [{ a: false }, 'a', 'false'],
    [{}, 'constructor', ''],
    ['broken', '', 'broken'],
    ['broken', 'a', ''],
    [{ a: 'x'.repeat(300) }, 'a', `${'x'.repeat(200)}…`],
  ])('of %j, %s', (row, name, text) => {
    expect(cellText(row, name)).toBe(text);
  });
});
