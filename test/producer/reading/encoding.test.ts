import { describe, expect, it } from '@jest/globals';
import { checkEncoding, decoded, guessedEncoding } from '@tweet-pipes/producer/reading/text/encoding';

/** The text in UTF-8, and the encoding that was recognised. */
async function read(bytes: Buffer, { size = bytes.length, named }: { size?: number; named?: string } = {}) {
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
  })();
  const text = decoded(bytes.subarray(0, 4), chunks, named);
  const all: Buffer[] = [];
  for await (const chunk of text.bytes) all.push(Buffer.from(chunk));
  return [text.encoding, Buffer.concat(all).toString('latin1')];
}

const text = '{"t":"ü 😀 ไทย"}\r\n[1]\r\n';
const utf8 = Buffer.from(text).toString('latin1');
const littleEndian = Buffer.from(text, 'utf16le');
const bigEndian = Buffer.from(littleEndian).swap16();

describe('the encoding of a text', () => {
  it.each<[string, Buffer]>([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', littleEndian],
    ['utf-16le', Buffer.concat([Buffer.from('fffe', 'hex'), littleEndian])],
    ['utf-16be', bigEndian],
    ['utf-16be', Buffer.concat([Buffer.from('feff', 'hex'), bigEndian])],
  ])('is recognised as %s, however the bytes come', async (encoding, bytes) => {
    for (const size of [1, 2, 3, 5, bytes.length]) expect(await read(bytes, { size })).toEqual([encoding, utf8]);
  });

  it('is the one that is named, if no byte order mark says another', async () => {
    const bytes = Buffer.from('caf\xe9 \x80\n', 'latin1');
    expect(await read(bytes, { named: 'windows-1252', size: 1 })).toEqual([
      'windows-1252',
      Buffer.from('café €\n').toString('latin1'),
    ]);
    expect((await read(Buffer.from('\ufeffx'), { named: 'shift_jis' }))[0]).toBe('utf-8');
    expect(() => checkEncoding('klingon')).toThrow('The encoding klingon is not known');
  });

  it('leaves a byte that is no UTF-8 where something is no character in it', async () => {
    const lone = Buffer.concat([
      Buffer.from('a\n', 'utf16le'),
      Buffer.from('3dd8', 'hex'),
      Buffer.from('b\n', 'utf16le'),
    ]);
    expect(await read(lone)).toEqual(['utf-16le', 'a\n\xffb\n']);
    expect((await read(littleEndian.subarray(0, -1)))[1]).toBe(`${utf8.slice(0, -1)}\xff`);
    expect((await read(Buffer.from('a\x81\x00b'), { named: 'shift_jis' }))[1]).toContain('\xff');
  });

  it('is refused as UTF-32, and guessed for people where it is unknown', () => {
    const head = Buffer.from('fffe0000', 'hex');
    expect(() => decoded(head, (async function* () {})())).toThrow('it is in UTF-32; use `iconv');
    const german = 'Die Straße ist schön, und über den Dächern wird es früh grün und häufig kühl.';
    expect(guessedEncoding(Buffer.from(german, 'latin1'))).toBe('windows-1252');
  });

  it.each([
    ['LF', 'a\nb\rc\n', 'a\nb\rc\n'],
    ['CRLF', 'a\r\nb\r\n', 'a\r\nb\r\n'],
    ['CR, which become LF', 'a\rb\r', 'a\nb\n'],
    ['CR in one line', 'a\r', 'a\n'],
  ])('goes with lines that end in %s', async (_, lines, expected) => {
    for (const size of [1, 2, 3, lines.length]) expect((await read(Buffer.from(lines), { size }))[1]).toBe(expected);
  });
});
