import { expect, it } from '@jest/globals';
import { attributeBytes, itemBytes, readUnits, writeUnits } from '../../../local/pace/item-size.ts';

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
