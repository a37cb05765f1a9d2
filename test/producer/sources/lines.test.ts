import { describe, expect, it } from '@jest/globals';
import { lines } from '@tweet-pipes/producer/sources/lines';
import fc from 'fast-check';

async function read(chunks: Buffer[], longestBytes = 1_000_000): Promise<string[]> {
  async function* stream() {
    yield* chunks;
  }
  const found: string[] = [];
  for await (const { bytes } of lines(stream(), longestBytes)) found.push(bytes.toString('latin1'));
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

  it('keep bytes that are no UTF-8, and know their numbers', async () => {
    const found: [number, string][] = [];
    const chunks = (async function* () {
      yield Buffer.from('{}\n\n\xff\xfe\nx', 'latin1');
    })();
    for await (const { line, bytes } of lines(chunks, 100)) found.push([line, bytes.toString('latin1')]);
    expect(found).toEqual([
      [1, '{}'],
      [3, '\xff\xfe'],
      [4, 'x'],
    ]);
  });

  it('are cut at the longest length, also without any line end, and the next one is whole', async () => {
    const chunks = [...Array.from({ length: 50 }, () => Buffer.from('aaaa')), Buffer.from('\nbb\n')];
    expect(await read(chunks, 10)).toEqual(['a'.repeat(10), 'bb']);
  });
});
