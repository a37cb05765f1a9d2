import { describe, expect, it } from '@jest/globals';

import { dataSize, printable, printableJson } from '../../src/terminal/terminal.ts';

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

describe('text of unknown origin', () => {
  const harmful = ['\u0000', '\u001b', '\u007f', '\u0080', '\u009b', '\u009f', '\u202a', '\u202e', '\u2066', '\u2069'];

  it('is printed without control characters and bidirectional overrides', () => {
    for (const character of harmful) expect(printable(`#a${character}b`)).toBe('#a\ufffdb');
  });

  it('keeps every script, emoji sequences and the marks that right-to-left text needs', () => {
    for (const text of ['#רַעַשׁ \u200f!', '#กรุงเทพ', '👩\u200d👩\u200d👧 ❤\ufe0f', '\u061c#مرحبا'])
      expect(printable(text)).toBe(text);
  });

  it('is escaped in JSON, which means the same', () => {
    const value = { text: harmful.join(' ') };
    const json = printableJson(value);
    expect(json).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(json)).toEqual(value);
  });
});
