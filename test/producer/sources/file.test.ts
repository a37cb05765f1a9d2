import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Source } from '@tweet-pipes/producer/record';
import { largestRecordBytes } from '@tweet-pipes/producer/record';
import { fileSource, largestValueBytes } from '@tweet-pipes/producer/sources/file';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(source: Source, signal?: AbortSignal) {
  const found: [string, string][] = [];
  for await (const { partitionKey, data } of source.records(signal)) found.push([partitionKey, data.toString()]);
  return found;
}

describe('the file source', () => {
  it('gives tweet and notice of one id the same key, and sends lines that are no JSON as they are', async () => {
    const path = join(folder, 'tweets.jsonl');
    const tweets = ['{"id_str":"7","text":"a"}', '{"data":{"id":"8"}}', '{"delete":{"status":{"id_str":"7"}}}'];
    await writeFile(path, `${tweets.join('\n')}\n\r\nnot json\n[1]`);
    const found = await read(await fileSource([path, path]));
    expect(found).toHaveLength(10);
    expect(found.slice(0, 5).map(([, text]) => text)).toEqual([...tweets, 'not json', '[1]']);
    expect(found.slice(0, 3).map(([key]) => key)).toEqual(['7', '8', '7']);
    for (const [key] of found.slice(3, 5)) expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(found.slice(5)).toEqual(found.slice(0, 5));
  });

  it('reads standard input for -, and stops reading it on abort', async () => {
    expect(
      await read(await fileSource(['-'], Readable.from([Buffer.from('{"id":"1"}\n{"id"'), Buffer.from(':"2"}\n')]))),
    ).toEqual([
      ['1', '{"id":"1"}'],
      ['2', '{"id":"2"}'],
    ]);
    const abort = new AbortController();
    const endless = new PassThrough();
    endless.write('{"id":"1"}\n');
    const found: unknown[] = [];
    for await (const record of (await fileSource(['-'], endless)).records(abort.signal)) {
      found.push(record);
      abort.abort();
    }
    expect(found).toHaveLength(1);
    expect(endless.destroyed).toBe(true);
  });

  it('hands an endless line on as one record that is too large, not as the whole file', async () => {
    const path = join(folder, 'endless');
    await writeFile(path, Buffer.alloc(largestValueBytes + 10 * largestRecordBytes, 'x'));
    for await (const record of (await fileSource([path])).records()) {
      expect(record.data.byteLength).toBe(largestValueBytes);
    }
  });

  const tweets = [{ id_str: '1', text: 'a], [\\"' }, { id_str: '2', text: 'ก{' }, { data: { id: '3' } }];
  const array = ` \n[ ${tweets.map((tweet) => JSON.stringify(tweet, null, 2)).join(' ,\n')} ]\n`;
  const jsonLines = tweets.map((tweet) => JSON.stringify(tweet)).join('\n');
  const inPieces = (bytes: Uint8Array) =>
    Readable.from(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)));

  it.each([
    ['a JSON array', Buffer.from(array)],
    ['a JSON array after a byte order mark', Buffer.from(`\ufeff${array}`)],
    ['gzipped JSON lines', gzipSync(jsonLines)],
    ['a gzipped JSON array', gzipSync(array)],
    ['gzip of several members', Buffer.concat([gzipSync(`${jsonLines.slice(0, 20)}`), gzipSync(jsonLines.slice(20))])],
    ['several arrays', Buffer.from(`[${JSON.stringify(tweets[0])}]\n[]\n${JSON.stringify(tweets.slice(1))}`)],
  ])('reads %s, however the bytes come', async (_, bytes) => {
    for (const stdin of [Readable.from([bytes]), inPieces(bytes)]) {
      const found = await read(await fileSource(['-'], stdin));
      expect(found.map(([, text]) => JSON.parse(text))).toEqual(tweets);
      expect(found.map(([key]) => key)).toEqual(['1', '2', '3']);
    }
  });

  it.each<[string, Uint8Array, string[], string]>([
    ['an array that breaks off', Buffer.from('[{"id":"1"},{"id":"2"'), ['1', '2'], 'it ends before its array does'],
    ['bytes after an array', Buffer.from('[{"id":"1"}] x'), ['1'], 'something other than an array follows'],
    ['gzip that breaks off', gzipSync('{"id":"1"}\n'.repeat(3)).subarray(0, -9), [], 'unexpected end of file'],
    ['an object over several lines', Buffer.from('{\n  "id": "1"\n}'), [], 'make each value one line with `jq -c .`'],
    ['bzip2', Buffer.from('BZh91AY&SY'), [], 'compressed with bzip2; use `bzcat <file> | tweet-pipes produce file -`'],
  ])('gives what it could read of %s, and says what is wrong', async (_, bytes, ids, problem) => {
    const found: string[] = [];
    const reading = async () => {
      for await (const { data } of (await fileSource(['-'], Readable.from([bytes]))).records()) {
        found.push(data.toString());
      }
    };
    await expect(reading()).rejects.toThrow(problem);
    expect(found.map((text) => /"(\d)"/.exec(text)?.[1]).filter((id) => ids.includes(id ?? ''))).toEqual(ids);
  });

  it('hands on what is no JSON inside an array, and an array without elements', async () => {
    const found = await read(await fileSource(['-'], Readable.from([Buffer.from('[ 1, nonsense ,"x,y",[2, 3],, ]')])));
    expect(found.map(([, text]) => text)).toEqual(['1', 'nonsense', '"x,y"', '[2, 3]']);
    expect(await read(await fileSource(['-'], Readable.from([Buffer.from('[]')])))).toEqual([]);
    expect(await read(await fileSource(['-'], Readable.from([])))).toEqual([]);
  });

  it('makes an envelope of each tweet of a page, with the included tweets and users that belong to it', async () => {
    const [a, b] = [
      { id: '10', author_id: '1', text: 'a' },
      { id: '11', author_id: '2', referenced_tweets: [{ type: 'retweeted', id: '99' }] },
    ];
    const original = { id: '99', author_id: '3', entities: { hashtags: [{ tag: 'x' }] } };
    const users = ['1', '2', '3', '4'].map((id) => ({ id, username: `u${id}` }));
    const page = {
      data: [a, b],
      includes: { users, tweets: [original, { id: '98' }] },
      meta: { result_count: 2 },
      __twarc: {},
    };
    const input = `${JSON.stringify(page)}\n${JSON.stringify({ meta: { result_count: 0 } })}\n`;
    const found = await read(await fileSource(['-'], Readable.from([Buffer.from(input)])));
    expect(found.map(([key, text]) => [key, JSON.parse(text)])).toEqual([
      ['10', { data: a, includes: { users: [users[0]] } }],
      ['11', { data: b, includes: { users: [users[1], users[2]], tweets: [original] } }],
    ]);
  });

  it('reads the files of a folder in the order of their names', async () => {
    const tree = join(folder, 'tree');
    await mkdir(join(tree, 'b'), { recursive: true });
    for (const [name, id] of [
      ['c.json', '3'],
      ['b/1.jsonl', '2'],
      ['a.jsonl.gz', '1'],
      ['.hidden', '9'],
    ] as const) {
      const text = `{"id":"${id}"}`;
      await writeFile(join(tree, name), name.endsWith('.gz') ? gzipSync(text) : text);
    }
    expect((await read(await fileSource([tree]))).map(([key]) => key)).toEqual(['1', '2', '3']);
  });

  it('refuses what it cannot read before it sends anything', async () => {
    const missing = join(folder, 'missing.jsonl');
    await expect(fileSource(['-', missing])).rejects.toThrow(`Cannot read ${missing}: there is no such file.`);
    const empty = join(folder, 'empty');
    await mkdir(join(empty, '.git'), { recursive: true });
    await expect(fileSource([empty])).rejects.toThrow(`Cannot read ${empty}: there is no file in it.`);
    await expect(fileSource(['-', '-'])).rejects.toThrow('Standard input (-) can be read only once.');
  });
});
