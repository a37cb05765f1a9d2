import { describe, expect, it } from '@jest/globals';
import { lines } from '@tweet-pipes/producer/sources/lines';
import fc from 'fast-check';

async function read(chunks: Uint8Array[], longestBytes = 1_000_000): Promise<string[]> {
  async function* stream() {
    yield* chunks;
  }
  const found: string[] = [];
  for await (const line of lines(stream(), longestBytes)) found.push(Buffer.from(line).toString('latin1'));
  return found;
}

describe('lines', () => {
  it('are the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{"a":"ñ"}', ' \t', '', 'x', '\r', '\r\n', '\n', '\n'), { maxLength: 30 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        async (pieces, sizes) => {
          const whole = Buffer.from(pieces.join(''));
          const chunks: Buffer[] = [];
          for (let at = 0; at < whole.length; ) {
            const size = sizes.next().value ?? 1;
            chunks.push(whole.subarray(at, at + size));
            at += size;
          }
          const expected = whole
            .toString('latin1')
            .split('\n')
            .map((line) => line.replace(/\r$/, ''))
            .filter((line) => !/^[ \t\r]*$/.test(line));
          expect(await read(chunks)).toEqual(expected);
        },
      ),
    );
  });

  it('keep bytes that are no UTF-8, and lose only a byte order mark at the very beginning', async () => {
    const mark = [0xef, 0xbb, 0xbf];
    expect(await read([Buffer.from([...mark, 0x7b, 0x7d, 0x0a, 0xff, 0xfe, 0x0a, ...mark, 0x78])])).toEqual([
      '{}',
      '\xff\xfe',
      '\xef\xbb\xbfx',
    ]);
  });

  it('are cut at the longest length, also without any line end, and the next one is whole', async () => {
    const chunks = [...Array.from({ length: 50 }, () => Buffer.from('aaaa')), Buffer.from('\nbb\n')];
    expect(await read(chunks, 10)).toEqual(['a'.repeat(10), 'bb']);
  });
});
