import { describe, expect, it } from '@jest/globals';
import { messages } from '@tweet-pipes/producer/sources/twitter/framing';
import fc from 'fast-check';

async function frame(chunks: Iterable<Uint8Array>, longestBytes = 1_000_000) {
  const torn: number[] = [];
  const given: string[] = [];
  const source = async function* () {
    yield* chunks;
  };
  for await (const message of messages(source(), longestBytes, (bytes) => torn.push(bytes)))
    given.push(message.toString());
  return { given, torn };
}

describe('framing the stream', () => {
  it('gives the same messages wherever the network cuts, also inside a character or a line end', async () => {
    const message = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .filter((text) => !text.includes('\r\n') && text.trim() !== '' && !/^\n|\r$/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.nat(7)),
        fc.nat(3),
        async (sent, cuts, keepAlives) => {
          const bytes = Buffer.from(sent.map((text) => `${text}\r\n${'\r\n'.repeat(keepAlives)}`).join(''));
          const chunks: Uint8Array[] = [];
          let start = 0;
          for (const length of cuts) {
            chunks.push(bytes.subarray(start, start + length));
            start += length;
          }
          chunks.push(bytes.subarray(start));
          const silence = Array.from({ length: keepAlives }, () => '');
          const given = sent.flatMap((text) => [Buffer.from(text).toString(), ...silence]);
          expect(await frame(chunks)).toEqual({ given, torn: [] });
        },
      ),
    );
  });

  it('keeps line feeds within a message, which X may send between tokens', async () => {
    expect((await frame([Buffer.from('{\n"a":1}\r\n')])).given).toEqual(['{\n"a":1}']);
  });

  it('drops an incomplete message, and reports it, when the bytes end or fail', async () => {
    expect(await frame([Buffer.from('{"a":1}\r\n{"b":')])).toEqual({ given: ['{"a":1}'], torn: [5] });
    const torn: number[] = [];
    const failing = async function* () {
      yield Buffer.from('{"b":');
      throw new Error('cut');
    };
    const reading = messages(failing(), 100, (bytes) => torn.push(bytes)).next();
    await expect(reading).rejects.toThrow('cut');
    expect(torn).toEqual([5]);
  });

  it('cuts an endless message, and continues after it', async () => {
    const chunks = [...Array.from({ length: 50 }, () => Buffer.alloc(10, 'x')), Buffer.from('\r\n{}\r\n')];
    expect((await frame(chunks, 25)).given).toEqual(['x'.repeat(25), '{}']);
  });
});
