import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from '../../src/checkup/crc32c.ts';
import { readLog, writeLog } from '../../src/checkup/leveldb-log.ts';
import { unsnappy } from '../../src/checkup/snappy.ts';

describe('CRC-32C', () => {
  // https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
  it.each([
    ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 incrementing bytes', Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)), 0x46dd794e],
    ['the digits', Buffer.from('123456789'), 0xe3069283],
  ])('of %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

describe('a log of LevelDB', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(32_761, 32_768, 70_000)), {
    maxLength: 12,
  });
  const log = (lengths: readonly number[]) => writeLog(lengths.map((length, index) => Buffer.alloc(length, index + 1)));

  it('gives the records that were written, across its blocks', () => {
    fc.assert(
      fc.property(sizes, (lengths) => {
        const { records, damagedBytes } = readLog(log(lengths), { isSynced: true });
        expect(records.map(({ length }) => length)).toEqual(lengths);
        expect(damagedBytes).toBe(0);
      }),
    );
  });

  it('loses nothing but its last record when it is cut off anywhere', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (lengths, seed) => {
        const whole = log(lengths);
        const cut = whole.length === 0 ? 0 : seed % whole.length;
        const { records, damagedBytes } = readLog(whole.subarray(0, cut), { isSynced: false });
        expect(records.map(({ length }) => length)).toEqual(lengths.slice(0, records.length));
        expect(damagedBytes).toBe(0);
      }),
    );
  });

  it('tells damage before its last record, and goes on behind it', () => {
    const whole = log([100, 20_000, 20_000, 20_000, 100]);
    whole.writeUInt8(whole.readUInt8(500) ^ 1, 500);
    const { records, damagedBytes } = readLog(whole, { isSynced: false });
    expect(records.map(({ length }) => length)).toEqual([100, 20_000, 100]);
    expect(damagedBytes).toBe(32_768 - 107);
  });
});

describe('Snappy', () => {
  // https://github.com/google/snappy/blob/main/format_description.txt
  it.each([
    ['nothing', '00', ''],
    ['a literal', '05 10 6162636465', 'abcde'],
    ['a copy that overlaps its own output', '0a 04 6162 11 02', 'ababababab'],
    ['a copy with an offset of two bytes', '06 04 6162 0e 0200', 'ababab'],
  ])('unpacks %s', (_, hex, expected) => {
    expect(unsnappy(bytesOf(hex)).toString()).toBe(expected);
  });

  it.each([
    ['a literal that is cut off', '05 10 6162'],
    ['a literal that is too long', '02 10 6162636465'],
    ['a copy of what is not there yet', '0a 04 6162 11 03'],
    ['an output that is too short', '09 10 6162636465'],
  ])('refuses %s', (_, hex) => {
    expect(() => unsnappy(bytesOf(hex))).toThrow(RangeError);
  });
});

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}
