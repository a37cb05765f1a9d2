import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileSource } from '@tweet-pipes/producer/sources/file';
import { bzip2, tar, zip } from '../reading/pack.ts';
import { outcomeOf, readFile } from './file-reading.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tweet = (id: string) => JSON.stringify({ id_str: id, text: 'x' });

/** Writes files, given by their paths, into a new folder. */
async function tree(name: string, files: Record<string, string | Buffer>): Promise<string> {
  const root = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

describe('the file source', () => {
  it('gives tweet and notice of one id the same key, and sends what is neither as it came', async () => {
    const lines = [
      tweet('7'),
      '{"data":{"id":"8","text":"y"}}',
      '{"delete":{"status":{"id_str":"7"}}}',
      'not json',
      '5',
    ];
    const path = join(await tree('lines', { 'a.jsonl': `${lines.join('\n')}\n\r\n` }), 'a.jsonl');
    const { records } = await outcomeOf(await fileSource([path, path]));
    expect(records.map(({ data }) => String(data))).toEqual([...lines, ...lines]);
    expect(records.slice(0, 3).map(({ partitionKey }) => partitionKey)).toEqual(['7', '8', '7']);
    for (const { partitionKey } of records.slice(3, 5)) expect(partitionKey).toMatch(/^[0-9a-f]{32}$/);
  });

  it('wraps what the workflow would take for a tweet only because it has an id', async () => {
    const user = { id: '2', username: 'u' };
    const { records, tweets, rejected } = await readFile(`${tweet('1')}\n${JSON.stringify(user)}`);
    expect(JSON.parse(String(records[1]?.data))).toEqual({ unusable: 'a user, not a tweet', record: user });
    expect([tweets, rejected]).toEqual([{ 1: [] }, ['no-id']]);
  });

  it('reads standard input for -, as it comes, and stops reading it on abort', async () => {
    const abort = new AbortController();
    const endless = new PassThrough();
    endless.write(`${tweet('1')}\n`);
    const found: unknown[] = [];
    for await (const record of (await fileSource(['-'], { stdin: endless })).records(abort.signal)) {
      found.push(record);
      abort.abort();
    }
    expect(found).toHaveLength(1);
    expect(endless.destroyed).toBe(true);
  });

  it('bounds a line without end, and reads on behind it', async () => {
    const endless = Array.from({ length: 40 }, () => Buffer.alloc(1024 ** 2, 'x'));
    const { records, counts } = await readFile([
      Buffer.from(`${tweet('1')}\n`),
      ...endless,
      Buffer.from(`\n${tweet('2')}`),
    ]);
    expect(records).toHaveLength(2);
    expect(counts.unreadableReasons).toEqual([{ reason: 'longer than 16 MiB', count: 1, first: ['standard input:2'] }]);
  });

  it('leaves a record that is too large to the writer, with its place', async () => {
    const { records, counts } = await readFile(`${tweet('1')}\nx${'y'.repeat(1024 ** 2)}\n`);
    expect(records.map(({ place }) => place)).toEqual([undefined, 'standard input:2']);
    expect(counts).toMatchObject({ tweets: 1, unreadable: 0 });
  });

  it('reads a folder in the order of names, goes on after what it cannot read, and names it', async () => {
    const damaged = gzipSync(`${tweet('5')}\n`.repeat(2000));
    const root = await tree('folder', {
      'c.json': tweet('3'),
      'b/1.jsonl': tweet('2'),
      'a.jsonl.gz': gzipSync(tweet('1')),
      'd.txt': 'made up words\n',
      'e.jsonl.gz': damaged.subarray(0, -9),
      'f.jsonl': `${tweet('6')}\n{"text":"x\n${tweet('7')}`,
      'g.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
      '.hidden': tweet('9'),
    });
    await symlink(join(root, 'nothing'), join(root, 'h.jsonl'));
    const { records, counts, tally } = await outcomeOf(await fileSource([root]));
    expect([...new Set(records.map(({ partitionKey }) => partitionKey))].filter((key) => key.length === 1)).toEqual([
      '1',
      '2',
      '3',
      '5',
      '6',
      '7',
    ]);
    expect(counts).toMatchObject({ unreadable: 1, brokenOff: 1, refused: 3 });
    expect(tally.problems?.map((line) => line.replaceAll(root, '…'))).toEqual([
      '1 record is no tweet and no delete notice, sent for quarantine:',
      '  1 × not JSON: a text in it has no end: …/f.jsonl:2',
      expect.stringMatching(/^Reading broke off at …\/e\.jsonl\.gz:\d+: unexpected end of file\.$/),
      'Refused …/h.jsonl: it is a link to nothing.',
      expect.stringMatching(
        /^Refused …\/d\.txt: there is no tweet and no delete notice in it, it looks like plain text/,
      ),
      'Refused …/g.jpg: it is a picture.',
    ]);
  });

  it('reads each file of a folder once, also where links lead back', async () => {
    const root = await tree('links', { 'a.json': tweet('1'), 'b/c.json': tweet('2') });
    for (const name of ['x', 'y']) await symlink('.', join(root, name));
    await symlink('..', join(root, 'b', 'up'));
    await symlink('a.json', join(root, 'z.json'));
    await symlink('self', join(root, 'self'));
    const { records, counts } = await outcomeOf(await fileSource([root]));
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['1', '2']);
    expect(counts.failedFiles).toEqual([
      { place: join(root, 'self'), reason: 'it is a link that leads back to itself' },
    ]);
  });

  it('reads a named pipe where its own path is given, and refuses it and sockets in a folder', async () => {
    const root = await tree('pipes', { 'b.json': tweet('2') });
    const pipe = join(root, 'a.fifo');
    execFileSync('mkfifo', [pipe]);
    const server = createServer().listen(join(root, 'c.sock'));
    await once(server, 'listening');
    try {
      const { records, counts } = await outcomeOf(await fileSource([root]));
      expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['2']);
      expect(counts.failedFiles).toEqual([
        { place: pipe, reason: 'it is a pipe, not a file' },
        { place: join(root, 'c.sock'), reason: 'it is a socket, not a file' },
      ]);
      await expect(fileSource([join(root, 'c.sock')])).rejects.toThrow('it is a socket, not a file; - is standard');
      const reading = outcomeOf(await fileSource([pipe]));
      const padded = JSON.stringify({ id_str: '3', text: 'x'.repeat(5000) });
      await writeFile(pipe, `${padded}\n`.repeat(100));
      expect((await reading).counts.tweets).toBe(100);
    } finally {
      server.close();
    }
  });

  it('stops waiting for the writer of a named pipe on abort', async () => {
    const pipe = join(await tree('waiting', { 'b.json': '' }), 'a.fifo');
    execFileSync('mkfifo', [pipe]);
    const abort = new AbortController();
    const source = await fileSource([pipe]);
    setImmediate(() => abort.abort());
    for await (const record of source.records(abort.signal)) expect(record).toBeUndefined();
    expect(source.tally?.().problems).toEqual([]);
  });

  it("reads X's whole archive, packed or not, and leaves out what is no tweet", async () => {
    const files: Record<string, string | Buffer> = {
      'data/account.js': 'window.YTD.account.part0 = [ {"account": {"accountId": "1"}} ]',
      'data/direct-messages.js': 'window.YTD.direct_messages.part0 = [ {"dmConversation": {"text": "made up"}} ]',
      'data/manifest.js': 'window.__THAR_CONFIG = { "userInfo": {} }',
      'data/tweets.js': `window.YTD.tweets.part0 = [ {"tweet": ${tweet('1')}} ]`,
      'data/tweets_media/a.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
      'assets/app.js': '!function(){"use strict"}();\n',
      'Your archive.html': '<!DOCTYPE html>\n<html>',
    };
    const entries = Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) }));
    const packed = join(await tree('archive', { 'archive.zip': zip(entries) }), 'archive.zip');
    for (const path of [packed, await tree('unpacked', files)]) {
      const { records, tally } = await outcomeOf(await fileSource([path]));
      expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['1']);
      expect(tally.problems).toEqual([]);
      expect(tally.lines.join('\n')).toMatch(/direct_messages.*\nLeft out of X's archive: 3 other files\.$/);
    }
  });

  it('reads an archive of packed files, names places inside it, and writes nothing anywhere', async () => {
    const names = ['2021/01/00.json.bz2', '../../01.json.bz2'];
    const content = bzip2(Buffer.from(`${tweet('1')}\nx\n{"delete":{"status":{"id_str":"2"}}}\n`));
    const path = join(await tree('grab', { 'grab.tar': tar(names.map((name) => ({ name, content }))) }), 'grab.tar');
    const { tweets, deletions, counts } = await outcomeOf(await fileSource([path]));
    expect([tweets, deletions]).toEqual([{ 1: [] }, ['2', '2']]);
    expect(counts.unreadableReasons[0]?.first).toEqual(names.map((name) => `${path}/${name}:2`));
    expect(await readdir(join(folder, 'grab'))).toEqual(['grab.tar']);
  });

  const dms = 'window.YTD.direct_messages.part0 = [ {"dmConversation": {"text": "made up"}} ]';
  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'it is empty'],
    ['packed nothing', gzipSync(''), 'it is empty'],
    ['an empty archive', zip([]), 'it is an archive without files'],
    ['blank lines', '\n \r\n\n', 'it is empty'],
    ['a header', 'id,text,created_at\n', 'it looks like CSV with a header and no rows'],
    [
      'a page without results',
      '{"meta":{"result_count":0}}',
      'there is no tweet and no delete notice in it, it looks like JSON without results',
    ],
    ['direct messages', dms, 'it holds window.YTD.direct_messages.part0, and no tweets'],
  ])('refuses %s, also from standard input', async (_, content, reason) => {
    const path = join(await tree('without', { file: content }), 'file');
    for (const [given, place] of [
      [path, path],
      ['-', 'standard input'],
    ] as const) {
      const stdin = Readable.from([Buffer.from(content)]);
      const { records, counts } = await outcomeOf(await fileSource([given], { stdin }));
      expect(records).toEqual([]);
      expect(counts).toMatchObject({ refused: 1, failedFiles: [{ place, reason }] });
    }
  });

  it("refuses X's archive if none of its parts holds a tweet", async () => {
    const path = join(await tree('dms', { 'a.zip': zip([{ name: 'dm.js', content: Buffer.from(dms) }]) }), 'a.zip');
    expect((await outcomeOf(await fileSource([path]))).counts.refused).toBe(1);
  });

  it('refuses paths that it cannot read before it sends anything', async () => {
    const missing = join(folder, 'missing.jsonl');
    await expect(fileSource(['-', missing])).rejects.toThrow(`Cannot read ${missing}: there is no such file.`);
    const empty = await tree('empty', { '.git/x': '' });
    await expect(fileSource([empty])).rejects.toThrow(`Cannot read ${empty}: there is no file in it.`);
    await expect(fileSource(['-', '-'])).rejects.toThrow('Standard input (-) can be read only once.');
    await expect(fileSource(['-'], { encoding: 'klingon' })).rejects.toThrow('The encoding klingon is not known');
  });

  it('names a file of a folder that may not be read', async () => {
    const root = await tree('denied', { 'a.jsonl': tweet('1'), 'b.jsonl': tweet('2') });
    await chmod(join(root, 'a.jsonl'), 0);
    const { records, counts } = await outcomeOf(await fileSource([root]));
    // Root may read anything.
    const isAllowed = process.getuid?.() === 0;
    expect([records.length, counts.refused]).toEqual(isAllowed ? [2, 0] : [1, 1]);
  });

  it('can be read again', async () => {
    const path = join(await tree('again', { 'a.jsonl': tweet('1') }), 'a.jsonl');
    const source = await fileSource([path]);
    for (let round = 0; round < 2; round += 1) {
      const keys: string[] = [];
      for await (const { partitionKey } of source.records()) keys.push(partitionKey);
      expect(keys).toEqual(['1']);
    }
  });

  it('makes an envelope of each tweet of a page, with the included tweets and users that belong to it', async () => {
    const [a, b] = [
      { id: '10', author_id: '1', text: 'a' },
      { id: '11', text: 'b', author_id: '2', referenced_tweets: [{ type: 'retweeted', id: '99' }] },
    ];
    const original = { id: '99', author_id: '3', entities: { hashtags: [{ tag: 'x' }] } };
    const users = ['1', '2', '3', '4'].map((id) => ({ id, username: `u${id}` }));
    const page = { data: [a, b], includes: { users, tweets: [original, { id: '98' }] }, meta: { result_count: 2 } };
    const input = Readable.from([Buffer.from(JSON.stringify(page))]);
    const { records } = await outcomeOf(await fileSource(['-'], { stdin: input, isRaw: true }));
    expect(records.map(({ partitionKey, data }) => [partitionKey, JSON.parse(String(data))])).toEqual([
      ['10', { data: a, includes: { users: [users[0]] } }],
      ['11', { data: b, includes: { users: [users[1], users[2]], tweets: [original] } }],
    ]);
  });
});
