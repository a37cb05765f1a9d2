import { describe, expect, it } from '@jest/globals';
import { attributeBytes, itemBytes, readUnits, writeUnits } from '../../src/engines/item-size.ts';

it.each([
  [{ S: 'é' }, 2],
  [{ N: '123' }, 3],
  [{ N: '-12.34' }, 3],
  [{ B: Buffer.from('four').toString('base64') }, 4],
  [{ BOOL: true }, 1],
  [{ NULL: true }, 1],
  [{ L: [{ S: 'ab' }, { S: 'c' }] }, 3 + 2 + 3],
  [{ M: { k: { S: 'ab' } } }, 3 + 1 + 1 + 2],
  [{ SS: ['ab', 'c'] }, 3],
])('counts %j as %i bytes', (value, bytes) => {
  expect(attributeBytes(value)).toBe(bytes);
});

it('counts names with values', () => {
  expect(itemBytes({ id: { S: 'abc' }, text: { S: 'x'.repeat(1_000) } })).toBe(2 + 3 + 4 + 1_000);
});

it.each([
  [0, 1, 1],
  [1_024, 1, 1],
  [1_025, 2, 1],
  [4_097, 5, 2],
])('charges %i bytes with %i write units and %i read units', (bytes, writes, reads) => {
  expect(writeUnits(bytes)).toBe(writes);
  expect(readUnits(bytes)).toBe(reads);
});

/**
 * The rules of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html, one by
 * one.
 */
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
