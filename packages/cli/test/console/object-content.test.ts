import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { formatOf, readObject } from '../../src/console/views/object-content.ts';
import { awsError, fakeClients } from './fake-clients.ts';

async function read(key: string, body: Uint8Array | string, from = 0) {
  const clients = await fakeClients({
    GetObjectCommand: () => ({
      Body: Readable.from([Buffer.from(body)]),
      ContentLength: body.length,
      LastModified: new Date('2026-01-02T03:04:05Z'),
    }),
  });
  return readObject(clients, { bucket: 'b', key, from });
}

const lines = (count: number) => Array.from({ length: count }, (_, n) => JSON.stringify({ n })).join('\n');

describe('formatOf', () => {
  it.each([
    ['deleted/tweets/2026/11/29/11/x.jsonl.gz', 'json-lines'],
    ['quarantine/shardId-0/1.json', 'json'],
    ['tweets/2026/11/29/11/x.parquet', 'parquet'],
    ['errors/processing-failed/2026/11/29/11/x', 'json-lines'],
    ['query-results/1.csv', 'text'],
    ['query-results/1.csv.metadata', 'other'],
  ])('knows %s as %s', (key, format) => {
    expect(formatOf(key)).toBe(format);
  });
});

describe('readObject', () => {
  it('reads the rows of gzip JSON lines', async () => {
    expect(await read('x.jsonl.gz', gzipSync(`${lines(2)}\n`))).toEqual({
      ...{ bucket: 'b', key: 'x.jsonl.gz', modifiedAt: '2026-01-02T03:04:05.000Z', bytes: expect.any(Number) },
      ...{ format: 'json-lines', isCompressed: true, from: 0 },
      ...{ rows: [{ n: 0 }, { n: 1 }], hasMore: false, note: null },
    });
  });

  it('gives 200 rows at a time', async () => {
    const first = await read('x.jsonl.gz', gzipSync(lines(450)));
    expect([first.rows.length, first.hasMore]).toEqual([200, true]);
    const last = await read('x.jsonl.gz', gzipSync(lines(450)), 400);
    expect([last.rows[0], last.rows.length, last.hasMore]).toEqual([{ n: 400 }, 50, false]);
  });

  it('says that there are no more rows where the last page is full', async () => {
    expect(await read('x.jsonl.gz', gzipSync(`${lines(200)}\n`))).toMatchObject({ hasMore: false });
  });

  it('gives a line that is no JSON as text, and cuts one that no browser likes', async () => {
    const { rows } = await read('x.jsonl', `<b>no</b>\n${'x'.repeat(2_000_001)}`);
    expect(rows[0]).toBe('<b>no</b>');
    const long = await read('x.jsonl', 'x'.repeat(2_000_001));
    expect(String(long.rows[0])).toHaveLength(2_000_001);
  });

  it('keeps a character that two chunks share', async () => {
    const bytes = Buffer.from('"ж"');
    const clients = await fakeClients({
      GetObjectCommand: () => ({ Body: Readable.from([bytes.subarray(0, 2), bytes.subarray(2)]) }),
    });
    expect((await readObject(clients, { bucket: 'b', key: 'x.jsonl', from: 0 })).rows).toEqual(['ж']);
  });

  it('reads a document of the quarantine', async () => {
    expect((await read('quarantine/s/1.json', '{"reason":"r"}')).rows).toEqual([{ reason: 'r' }]);
  });

  it.each([
    ['x.jsonl.gz', 'no gzip'],
    ['x.parquet', 'no Parquet'],
  ])('says what is wrong with a damaged %s', async (key, body) => {
    expect(await read(key, body)).toMatchObject({ rows: [], note: expect.stringMatching(/^It cannot be read: /) });
  });

  it('names an object that has gone', async () => {
    const clients = await fakeClients({
      GetObjectCommand: () => {
        throw awsError('NoSuchKey');
      },
    });
    await expect(readObject(clients, { bucket: 'b', key: 'gone', from: 0 })).rejects.toMatchObject({
      name: 'NotFound',
      message: 'There is no object gone in the bucket b. It may have expired.',
    });
  });
});
