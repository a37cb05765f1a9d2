import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Source } from '../../../producer/record.ts';
import { largestRecordBytes, sizeOf } from '../../../producer/record.ts';
import { fileSource } from '../../../producer/sources/file.ts';

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
    await writeFile(path, Buffer.alloc(3 * largestRecordBytes, 'x'));
    for await (const record of (await fileSource([path])).records()) {
      expect(sizeOf(record)).toBeGreaterThan(largestRecordBytes);
      expect(record.data.byteLength).toBe(largestRecordBytes + 1);
    }
  });

  it('refuses what it cannot read before it sends anything', async () => {
    const missing = join(folder, 'missing.jsonl');
    await expect(fileSource(['-', missing])).rejects.toThrow(`Cannot read ${missing}: there is no such file.`);
    await expect(fileSource([folder])).rejects.toThrow(
      `Cannot read ${folder}: it is a directory; name the files in it.`,
    );
  });
});
