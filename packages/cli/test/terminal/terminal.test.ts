import { describe, expect, it } from '@jest/globals';

import { dataSize } from '../../src/terminal/terminal.ts';

describe('a size of data', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [999_949, '999.9 KB'],
    [999_950, '1.0 MB'],
    [1_900_000, '1.9 MB'],
    [999_949_999, '999.9 MB'],
    [2_340_000_000, '2.3 GB'],
  ])('of %d bytes reads well', (bytes, words) => {
    expect(dataSize(bytes)).toBe(words);
  });
});
