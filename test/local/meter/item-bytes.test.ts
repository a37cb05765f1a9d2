import { describe, expect, it } from '@jest/globals';
import { itemBytes } from '../../../local/meter/item-bytes.ts';

/** The rules of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html, one by one. */
const cases: [what: string, item: Record<string, unknown>, bytes: number][] = [
  ['a string with its name', { id: { S: 'abc' } }, 5],
  ['text in UTF-8', { é: { S: '東京' } }, 2 + 6],
  ['a number by its significant digits', { n: { N: '1234' } }, 1 + 3],
  ['a number without its outer zeros', { n: { N: '0012000' } }, 1 + 2],
  ['a negative fraction', { n: { N: '-1.25' } }, 1 + 3],
  ['bytes, not their base64', { b: { B: 'AQID' } }, 1 + 3],
  ['null and true as one byte each', { a: { NULL: true }, b: { BOOL: true } }, 4],
  ['an empty list as three bytes', { l: { L: [] } }, 1 + 3],
  ['a list with a byte for each element', { l: { L: [{ S: 'ab' }, { S: 'c' }] } }, 1 + 3 + 2 + 3],
  ['a map with its names', { m: { M: { key: { S: 'v' } } } }, 1 + 3 + 1 + 3 + 1],
  ['sets without an overhead', { s: { SS: ['a', 'bc'] }, n: { NS: ['1', '22'] } }, 1 + 3 + 1 + 4],
];

describe('the size of an item', () => {
  it.each(cases)('counts %s', (_, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });
});
