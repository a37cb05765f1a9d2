import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { bunzipped } from '@tweet-pipes/producer/reading/containers/bzip2';
import { contentsOf } from '@tweet-pipes/producer/reading/containers/contents';
import { Expansion } from '@tweet-pipes/producer/reading/containers/expansion';
import { gunzipped, unzstd } from '@tweet-pipes/producer/reading/containers/zlib-members';
import fc from 'fast-check';
import { bzip2, packings, tar, zip } from './pack.ts';

async function* chunksOf(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

async function whole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all);
}

/** Each content as its path and its text or the reason why it is closed. */
async function contents(bytes: Buffer, { path = 'f', size = bytes.length, packedBytes = bytes.length } = {}) {
  const found: [string, string][] = [];
  for await (const content of contentsOf({ path, bytes: chunksOf(bytes, size) }, new Expansion(() => packedBytes))) {
    if (content.kind === 'closed') found.push([content.path, content.reason]);
    else {
      const text = await whole(content.bytes).then(String, (error: Error) => `! ${error.message}`);
      found.push([content.path, text]);
    }
  }
  return found;
}

/** Written by bzip2 1.0.8: a text, and one with a run of 3,000 equal bytes. */
const bzip2Samples: [string, string][] = [
  ['hello hello hello hello\n', 'QlpoOTFBWSZTWW9PEPMAAAXRAAAQQAACRKAAMMACqDRxDa2HDxdyRThQkG9PEPM='],
  [
    `${'a'.repeat(3000)}\n${Array.from({ length: 400 }, (_, index) => `${index + 1}\n`).join('')}`,
    'QlpoMTFBWSZTWfSGWVoAAvBJCIAQf+AgAAAAgAhQA3gDwUVKmElHqGQaEAAAqp7ek0f6pVJoQAACE36qmVT3+lVTJ/v3Url98z98+AOmwFiAcCgUDgQCxsB0+APNAB1psB58AdNgLEA4FAoHAgFjYDp8AeaAC2iAefAHTYCxAOBQKBwIBY2A6fAHmgA40KBQOBALGwHT4A80AHte173ve948+AOmwOc5znASTe8zMzMzMzMzMzMzM+UfSST/t3a3d3d2T9OSSSd73ve7JFXThlXThlXThlXThlXThlXThlXThlXThlXThlXW/fc+3d3dn6VJJJN3d2t3d3e973vf2yZV04ZV0Y5V0Y5V0Y5V0Y5V0Y5V0Y5V0Y+1+ak3Ptfmsqq3mZmY6fAHmgMu7v3pP05V0Y5V0Y5V0F3QXdBd0F3QXdBd0F3W/ffa3d3Z6SZJJJP5JySSe33ve9JP1AAAAASSSZVVmVmZjgQCxsLvLu7HQAAAAAN+++3d7u7PoFA4EF3eXdi5JJJJJJJJJJJJJJJJJMqqzMy8xAOBQKL972+9JOgAAAAAb999mZmdxsBYgHF3d3lipJJJJAAAACvt73u7u7/JMkkknpIkkk7Pe97379+0AAAABsbdJGKAF8XckU4UJD0hllaA',
  ],
];

describe('bzip2', () => {
  it.each(bzip2Samples)('unpacks what bzip2 wrote of %.10p', async (text, base64) => {
    const packed = Buffer.from(base64, 'base64');
    for (const size of [1, 7, packed.length]) expect(String(await whole(bunzipped(chunksOf(packed, size))))).toBe(text);
  });

  it('unpacks what was packed, also several streams after each other', async () => {
    const bytes = fc
      .array(fc.tuple(fc.constantFrom(0, 10, 97, 98, 255), fc.constantFrom(1, 2, 3, 4, 5, 258, 259, 600)), {
        maxLength: 12,
      })
      .map((runs) => Buffer.concat(runs.map(([byte, length]) => Buffer.alloc(length, byte))));
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (a, b) => {
        const packed = Buffer.concat([bzip2(a), bzip2(b)]);
        expect((await whole(bunzipped(chunksOf(packed, 100)))).equals(Buffer.concat([a, b]))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('finds every changed byte and every cut, or gives the same text', async () => {
    const text = Buffer.from('made up words, made up words, and some that are not\n'.repeat(3));
    const packed = bzip2(text);
    for (let at = 0; at < packed.length; at += 1) {
      const changed = Buffer.from(packed);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      // Some bits mean nothing: tables that are not used, and what fills the last byte.
      const result = await whole(bunzipped(chunksOf(changed))).then(String, (error: Error) => error.name);
      expect(['Bzip2Error', String(text)]).toContain(result);
      if (at > 0)
        await expect(whole(bunzipped(chunksOf(packed.subarray(0, at))))).rejects.toThrow(/ends early|no bzip2/);
    }
  });

  it('hands out a bomb in small chunks', async () => {
    // 45 MB of zeros, written by bzip2 1.0.8.
    const bomb = Buffer.from('QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXF3JFOFCQDgni3w==', 'base64');
    let [largest, length] = [0, 0];
    for await (const chunk of bunzipped(chunksOf(bomb))) {
      largest = Math.max(largest, chunk.length);
      length += chunk.length;
    }
    expect(length).toBe(45_899_235);
    expect(largest).toBeLessThan(70_000);
  });
});

describe('gzip and zstandard', () => {
  const [a, b] = ['first '.repeat(9), 'second'];

  it.each<[string, Buffer, typeof gunzipped]>([
    ['gzip members', Buffer.concat([gzipSync(a), gzipSync(b)]), gunzipped],
    [
      'gzip members behind padding',
      Buffer.concat([gzipSync(a), Buffer.alloc(20), gzipSync(b), Buffer.alloc(9)]),
      gunzipped,
    ],
    ['zstandard frames', Buffer.concat([zstdCompressSync(a), zstdCompressSync(b)]), unzstd],
    [
      'zstandard frames, one to skip',
      Buffer.concat([zstdCompressSync(a), Buffer.from('502a4d18020000000909', 'hex'), zstdCompressSync(b)]),
      unzstd,
    ],
  ])('reads all %s, however the bytes come', async (_, packed, unpack) => {
    for (const size of [1, 13, 40, packed.length]) {
      expect(String(await whole(unpack(chunksOf(packed, size))))).toBe(`${a}${b}`);
    }
  });

  it.each<[string, Buffer, typeof gunzipped]>([
    ['gzip', gzipSync(a), gunzipped],
    ['zstandard', zstdCompressSync(a), unzstd],
  ])('reports what follows after %s, and a cut', async (_, packed, unpack) => {
    for (const size of [5, packed.length]) {
      await expect(whole(unpack(chunksOf(Buffer.concat([packed, Buffer.from('more text')]), size)))).rejects.toThrow();
    }
    await expect(whole(unpack(chunksOf(packed.subarray(0, -2))))).rejects.toThrow('unexpected end of file');
  });
});

describe('contents', () => {
  it.each(Object.entries(packings))('are the same in %s', async (_, pack) => {
    const packed = pack(Buffer.from('{"a":1}\n'));
    for (const size of [50, packed.length]) {
      expect((await contents(packed, { size })).map(([, text]) => text)).toEqual(['{"a":1}\n']);
    }
  });

  it('are those of members, by their paths, which lead nowhere', async () => {
    const long = `${'long/'.repeat(60)}b.json`;
    const none = Buffer.alloc(0);
    const archive = tar([
      { name: '../../etc/a.json', content: Buffer.from('1') },
      { name: 'folder/', content: none, type: '5' },
      { name: '../link', content: none, type: '2' },
      { name: '././@LongLink', content: Buffer.from(`${long}\0`), type: 'L' },
      { name: 'short', content: Buffer.from('2') },
      { name: 'pax', content: Buffer.from('25 path=pax/ünamed.json\n'), type: 'x' },
      { name: 'short', content: Buffer.from('3') },
      { name: 'comment', content: Buffer.from('x'), type: 'g' },
    ]);
    expect(await contents(Buffer.concat([archive, archive]), { size: 300 })).toEqual([
      ...[...Array(2)].flatMap(() => [
        ['f/../../etc/a.json', '1'],
        ['f/../link', 'it is a symbolic link, not a file'],
        [`f/${long}`, '2'],
        ['f/pax/ünamed.json', '3'],
      ]),
    ]);
    expect(await contents(zip([{ name: '../c.json', content: Buffer.from('3') }]))).toEqual([['f/../c.json', '3']]);
  });

  it('of members that are left unread are skipped', async () => {
    const entries = ['1', '2', '3'].map((name) => ({ name, content: Buffer.alloc(100_000, name) }));
    for (const archive of [tar(entries), zip(entries)]) {
      const paths: string[] = [];
      for await (const content of contentsOf({ path: 'f', bytes: chunksOf(archive, 1000) }, new Expansion(() => 1e9))) {
        paths.push(content.path);
        if (content.kind === 'text' && paths.length === 2) await content.bytes.next();
        if (content.kind === 'text') await content.bytes.return(undefined);
      }
      expect(paths).toEqual(['f/1', 'f/2', 'f/3']);
    }
  });

  it('go on behind a damaged member', async () => {
    const damaged = bzip2(Buffer.from('made up'));
    damaged[20] = (damaged[20] ?? 0) ^ 0xff;
    const entries = [
      { name: 'a', content: damaged },
      { name: 'b', content: Buffer.from('fine') },
    ];
    for (const archive of [tar(entries), zip(entries)]) {
      expect(await contents(archive)).toEqual([
        ['f/a', expect.stringMatching(/^it is damaged|^it ends early/)],
        ['f/b', 'fine'],
      ]);
    }
  });

  it.each<[string, Buffer, RegExp]>([
    ['an encrypted zip archive', zip([{ name: 'a', content: Buffer.from('x') }], { flags: 1 }), /encrypted; unpack/],
    [
      'a method of zip that is unknown',
      zip([{ name: 'a', content: Buffer.from('x') }], { method: 14 }),
      /method .* \(14\)/,
    ],
    [
      'an Office document',
      zip([{ name: '[Content_Types].xml', content: Buffer.from('<') }]),
      /Office document; save it/,
    ],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), /compressed with xz; use `xzcat <file> \|/],
    ['Parquet', Buffer.from('PAR1\x15\x04'), /a Parquet file; export/],
    ['records of the KPL', Buffer.from('f3899ac20a0161', 'hex'), /records of the Kinesis Producer Library/],
    ['an empty tar archive', Buffer.alloc(10_240), /binary data: zeros, as an empty tar archive has/],
    ['binary data', Buffer.from(Array.from({ length: 300 }, (_, index) => index % 32)), /binary data/],
  ])('of %s are closed, and say what to do', async (_, bytes, reason) => {
    const [[, found] = []] = await contents(bytes);
    expect(found).toMatch(reason);
  });

  it('of zip are read where a method names itself', async () => {
    const archive = zip([{ name: 'a', content: Buffer.from('packed by zstandard') }], { method: 93 });
    expect(await contents(archive)).toEqual([['f/a', 'packed by zstandard']]);
  });

  it('of a damaged or cut archive are those before the damage', async () => {
    const entries = ['1', '2'].map((name) => ({ name, content: Buffer.alloc(2000, name) }));
    const [archive, zipped] = [tar(entries), zip(entries)];
    expect(await contents(archive.subarray(0, 4000))).toEqual([
      ['f/1', '1'.repeat(2000)],
      ['f/2', '! the archive ends early'],
      ['f', 'the archive ends early'],
    ]);
    expect(await contents(archive.subarray(0, -1024))).toEqual([
      ['f/1', '1'.repeat(2000)],
      ['f/2', '2'.repeat(2000)],
      ['f', 'the archive ends early'],
    ]);
    const header = Buffer.from(archive);
    header[2560 + 5] = 0x78;
    expect(await contents(header)).toEqual([
      ['f/1', '1'.repeat(2000)],
      ['f', 'a header of the archive is damaged'],
    ]);
    expect(await contents(zipped.subarray(0, -30))).toEqual([['f', expect.stringMatching(/End of central directory/)]]);
    const changed = zip([{ name: 'a', content: Buffer.alloc(20, 'x') }], { method: 0 });
    changed[33] = 0x79;
    expect(await contents(changed)).toEqual([['f/a', 'it is damaged: its sum is wrong']]);
  });

  it('are bounded in depth and in what they unpack to', async () => {
    let nested = Buffer.from('x');
    for (let layer = 0; layer < 7; layer += 1) nested = gzipSync(nested);
    expect(await contents(nested)).toEqual([['f', 'it is inside more than 6 containers; unpack it first']]);
    const bomb = gzipSync(gzipSync(Buffer.alloc(80 * 1024 ** 2, 'x')));
    expect(await contents(bomb)).toEqual([['f', expect.stringMatching(/more than 1,000 times its size/)]]);
    const member = { name: 'a', content: gzipSync(Buffer.alloc(30 * 1024 ** 2, 'x')) };
    const archive = gzipSync(zip([member, member, member, member, member]));
    const found = await contents(archive);
    expect(found.at(-1)?.[1]).toMatch(/more than 1,000 times its size/);
    expect(found.length).toBeLessThan(5);
  });
});
