import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { Intercept } from '@tweet-pipes/local-aws';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { type GenerateOptions, generateSource } from '@tweet-pipes/producer/sources/generate';
import * as z from 'zod';
import { type App, startApp } from '../../../../test/e2e/app.ts';
import { extract } from '../../../../test/producer/workflow-extraction.ts';
import { until } from '../../../kit/test/until.ts';
import { run } from '../../src/run.ts';
import { textWidth } from '../../src/terminal/text-width.ts';
import { startChild } from '../child.ts';
import { fakeTerminal } from '../fake-terminal.ts';

/** About half of the records of each call are refused for throughput while it is on. */
const throttling = { isOn: false, puts: 0, refused: 0, random: seededRandom(3) };
const putRecords = z.object({ StreamName: z.string(), Records: z.array(z.unknown()) });
const intercept: Intercept = async (call, forward) => {
  if (call.operation !== 'PutRecords') return forward();
  throttling.puts += 1;
  if (!throttling.isOn) return forward();
  const input = putRecords.parse(JSON.parse(call.request.body.toString()));
  const isRefused = input.Records.map(() => throttling.random.next() < 0.5);
  throttling.refused += isRefused.filter(Boolean).length;
  const taken = input.Records.filter((_, index) => !isRefused[index]);
  const answer = taken.length === 0 ? undefined : await forward(requestWith({ ...input, Records: taken }, call));
  const results = answer === undefined ? [] : z.array(z.unknown()).parse(JSON.parse(answer.body.toString()).Records);
  const Records = isRefused.map((refused) => (refused ? tooMuch : results.shift()));
  return {
    statusCode: 200,
    headers: answer?.headers ?? { 'content-type': 'application/x-amz-json-1.1' },
    body: Buffer.from(JSON.stringify({ Records, FailedRecordCount: isRefused.filter(Boolean).length })),
  };
};
const tooMuch = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard.' };
function requestWith(input: object, call: Parameters<Intercept>[0]) {
  return { ...call.request, body: Buffer.from(JSON.stringify(input)) };
}

let app: App;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-produce-'));
  app = await startApp({ shards: 2, ingestBatchWindowSeconds: 0, archiveBatchWindowSeconds: 0 }, { intercept });
});
afterAll(async () => {
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function command(args: string[], input = '', env: Record<string, string> = {}) {
  const terminal = fakeTerminal(
    { AWS_ENDPOINT_URL: app.runtime.endpoint, ...env },
    Readable.from([Buffer.from(input)]),
  );
  const exitCode = await run(args, terminal);
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

function produce(args: string[], input = '', env: Record<string, string> = {}) {
  return command(['produce', ...args], input, env);
}

/** What was added to the counters since the last time it was asked. */
let known = new Map<string, number>();
async function added(): Promise<Record<string, number>> {
  await app.settled();
  const { hashtags } = await app.stores();
  const now = new Map([...hashtags].map(([hashtag, { htCount }]) => [hashtag, Number(htCount)]));
  const changes = [...now].map(([hashtag, count]) => [hashtag, count - (known.get(hashtag) ?? 0)] as const);
  known = now;
  return Object.fromEntries(changes.filter(([, count]) => count !== 0));
}

/** What the records must add to counters that none of their tweets has reached before. */
async function countsOf(records: Iterable<StreamRecord>): Promise<Record<string, number>> {
  const [seen, counts] = [new Set<unknown>(), new Map<string, number>()];
  for (const record of records) {
    const { tweets, deletions } = await extract(record);
    for (const { id } of deletions) seen.add(id);
    for (const { id, hashtags } of tweets) {
      if (!seen.has(id)) for (const hashtag of z.array(z.string()).parse(hashtags)) add(counts, hashtag);
      seen.add(id);
    }
  }
  return Object.fromEntries(counts);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

async function generated(limit: number, options: GenerateOptions): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  for await (const record of generateSource(options).records()) {
    records.push(record);
    if (records.length === limit) break;
  }
  return records;
}

it('top says that nothing is counted yet', async () => {
  expect((await command(['top'])).out).toBe('No hashtag has been counted yet.');
});

describe('produce', () => {
  it('file: a folder of every format is counted, and changes nothing when it is fed again', async () => {
    const v1 = (id: string, ...words: string[]) => ({
      id_str: `f${id}`,
      text: 'x',
      entities: { hashtags: words.map((text) => ({ text })) },
    });
    const v2 = (id: string, ...words: string[]) => ({
      id: `f${id}`,
      text: 'x',
      entities: { hashtags: words.map((tag) => ({ tag })) },
    });
    const files: Record<string, string | Buffer> = {
      'a.jsonl': [v1('1', 'Lines', 'all'), '', { delete: { status: { id_str: 'f1' } } }, { data: v2('2', 'all') }]
        .map((line) => (line === '' ? '\r' : JSON.stringify(line)))
        .join('\n'),
      'b.json.gz': gzipSync(JSON.stringify([v1('3', 'Array', 'all'), v1('1', 'array')], null, 2)),
      'c/page.jsonl': JSON.stringify({
        data: [{ ...v2('4'), referenced_tweets: [{ type: 'retweeted', id: 'f9' }] }, v2('5', 'pagE')],
        includes: { tweets: [v2('9', 'original', 'all')] },
        meta: { result_count: 2 },
      }),
      'd.jsonl': '{"id_str":"f6","text":"found #InText"}\nnot json\n',
    };
    await mkdir(join(folder, 'c'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);

    const { exitCode, out, err } = await produce(['file', folder, '--json']);
    const bad = `${join(folder, 'd.jsonl')}:2`;
    expect([exitCode, err]).toEqual([
      2,
      `1 record is no tweet and no delete notice, sent for quarantine:\n  1 × not JSON: ${bad}`,
    ]);
    expect(JSON.parse(out)).toMatchObject({
      ...{ sent: 9, lost: 0, oversized: 0, interrupted: false, tweets: 7, deletions: 1, unreadable: 1, refused: 0 },
      unreadableReasons: [{ reason: 'not JSON', count: 1, first: [bad] }],
    });
    expect(await added()).toEqual({ lines: 1, all: 4, array: 1, original: 1, page: 1, intext: 1 });
    expect((await produce(['file', folder, '--quiet', '--raw'])).out).toBe('');
    expect(await added()).toEqual({});
    const { tweets, quarantine } = await app.stores();
    expect([...tweets.keys()].sort()).toEqual(['f2', 'f3', 'f4', 'f5', 'f6']);
    expect([...quarantine.values()].map(({ reason }) => reason)).toEqual(['not-an-object', 'not-an-object']);
  });

  it('file: what is above the limit is named with its line and counted once, also in a dry run', async () => {
    const large = 'x'.repeat(1_100_000);
    const input = `{"id_str":"large-1","text":"n"}\n${large}\n{"id_str":"large-2","text":"${large}"}\n`;
    const named = [
      'Not sent: 1,100,032 bytes or more, above the limit of 1 MiB (standard input:2)',
      expect.stringMatching(/^Not sent: 1,100,0\d\d bytes or more, above the limit of 1 MiB \(standard input:3\)$/),
    ];
    const { exitCode, out, err } = await produce(['file', '-', '--json'], input);
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ sent: 1, oversized: 2, tweets: 2, unreadable: 0 });
    expect(err.split('\n')).toEqual(named);
    const dry = await produce(['file', '-', '--dry-run', '--quiet'], input);
    expect([dry.exitCode, dry.out, dry.err.split('\n')]).toEqual([2, '{"id_str":"large-1","text":"n"}', named]);
    expect(await added()).toEqual({});
  });

  it('text: each line is a tweet, and the same line is the same tweet', async () => {
    const text = 'Guten Morgen #Köln #köln!\n\n#東京 und #Köln\n  Guten Morgen #Köln #köln!\nno hashtag #1\n';
    expect(await produce(['text', '-'], text)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^Sent 4 records/),
    });
    expect(await added()).toEqual({ köln: 2, 東京: 1 });
    await writeFile(join(folder, 'lines.txt.gz'), gzipSync(text));
    expect((await produce(['text', join(folder, 'lines.txt.gz'), '--loop', '--limit', '12'])).out).toMatch(/^Sent 12/);
    expect(await added()).toEqual({});
  });

  it('generate: counts are those of the distinct tweets, also for a run that was killed and run again', async () => {
    const shares = ['--duplicates', '0.1', '--deletions', '0.1', '--malformed', '0.02', '--languages', 'uk,th'];
    const options = { seed: 11, duplicates: 0.1, deletions: 0.1, malformed: 0.02, languages: ['uk', 'th'] };
    const args = ['generate', '--seed', '11', '--limit', '600', ...shares];
    const puts = throttling.puts;
    const child = startChild(['produce', ...args, '--rate', '200'], {
      AWS_ENDPOINT_URL: app.runtime.endpoint,
      AWS_REGION: 'us-east-1',
    });
    await until(() => throttling.puts >= puts + 8);
    child.process.kill('SIGKILL');
    expect((await child.ended).exitCode).toBe(null);
    const { exitCode, out } = await produce([...args, '--json']);
    expect([exitCode, JSON.parse(out).sent]).toEqual([0, 600]);
    expect(await added()).toEqual(await countsOf(await generated(600, options)));
  });

  it('sample: as raw records it leaves what it knows it must leave', async () => {
    await produce(['sample', '--seed', '4', '--records', '300', '--raw', '--stream', app.outputs.TweetStreamName]);
    const { truth } = createSample({ seed: 4, records: 300 });
    expect(await added()).toEqual(Object.fromEntries(truth.counts));
  });

  it('neither loses nor reorders anything on a stream that throttles', async () => {
    await app.clients.kinesis.send(new CreateStreamCommand({ StreamName: 'throttled', ShardCount: 1 }));
    const lines = Array.from(
      { length: 240 },
      (_, index) => `{"id":"k${index % 40}","data":{"id":"k${index % 40}","text":"${index}"}}`,
    );
    Object.assign(throttling, { isOn: true, refused: 0 });
    try {
      const { exitCode, out } = await produce(['file', '-', '--raw', '--json'], lines.join('\n'), {
        AWS_STREAM_NAME: 'throttled',
      });
      const summary = JSON.parse(out);
      expect([exitCode, summary.sent, summary.lost]).toEqual([0, 240, 0]);
      expect(summary.throttled).toBe(throttling.refused);
      expect(throttling.refused).toBeGreaterThan(50);
      // A delete notice that overtook its tweet would leave the tweet stored; and what was lost would not be counted.
      const seeded = { seed: 12, deletions: 0.3, duplicates: 0, malformed: 0 };
      const shares = ['--deletions', '0.3', '--duplicates', '0', '--malformed', '0'];
      await produce(['generate', '--seed', '12', '--limit', '300', ...shares]);
      const records = await generated(300, seeded);
      expect(await added()).toEqual(await countsOf(records));
      const deleted = records.filter(({ data }) => data.toString().startsWith('{"delete"'));
      const { tweets } = await app.stores();
      expect(deleted.filter(({ partitionKey }) => tweets.has(partitionKey))).toEqual([]);
    } finally {
      throttling.isOn = false;
    }
    expect(sortedByKey(await stored('throttled'))).toEqual(sortedByKey(lines));
  });
});

describe('what was produced', () => {
  it('is shown by tail, the latest at the end', async () => {
    const tweets = ['a', 'b', 'c'].map((id, index) => ({
      ...{ id_str: `tail-${id}`, text: `${id}\n\u001b[2J ${'x'.repeat(300)}`, created_at: `day ${index}` },
      user: { screen_name: 'me' },
    }));
    for (const tweet of tweets) {
      await produce(['file', '-'], JSON.stringify(tweet));
      await app.settled();
    }
    const { exitCode, out, err } = await command(['tail', '-n', '2']);
    expect([exitCode, out.split('\n')]).toEqual([
      0,
      ['b', 'c'].map((id, index) => `tail-${id}  day ${index + 1}  @me  ${id} \ufffd[2J ${'x'.repeat(193)}…`),
    ]);
    expect(err).toMatch(/^Read [\d,]+ tweets, [\d.,]+ read units\.$/);
    const [last] = JSON.parse((await command(['tail', '-n', '1', '--json'])).out);
    expect(last).toEqual({
      ...{ id: 'tail-c', text: tweets[2]?.text, createdAt: 'day 2', userName: 'me', hashtags: [] },
      record: expect.stringMatching(/^shardId-\d{12}:056\d{56}$/),
    });
  });

  it('is watched by top until Ctrl-C', async () => {
    const terminal = fakeTerminal({ AWS_ENDPOINT_URL: app.runtime.endpoint });
    const looks: string[] = [];
    terminal.out = (line) => {
      looks.push(line);
      if (looks.length === 1)
        void produce(['text', '-'], Array.from({ length: 99 }, (_, n) => `${n} #watched`).join('\n'));
      if (line.includes('"watched","count":99')) terminal.interrupt();
    };
    expect(await run(['top', '--watch', '--every', '0.5', '-n', '2000', '--json'], terminal)).toBe(0);
    expect(looks.length).toBeGreaterThan(1);
    expect(looks[0]).not.toContain('"watched"');
    expect(terminal.complaints()).toBe('');
  });

  it('is watched within the size of the screen', async () => {
    const size = { columns: 24, rows: 6 };
    const terminal = { ...fakeTerminal({ AWS_ENDPOINT_URL: app.runtime.endpoint }), isScreen: true, size };
    await produce(['text', '-'], Array.from({ length: 9 }, (_, n) => `#${'long'.repeat(9)}${n}`).join('\n'));
    const lines: string[] = [];
    terminal.out = (line) => {
      lines.push(line);
      if (line.endsWith('do not fit.')) terminal.interrupt();
    };
    expect(await run(['top', '--watch', '--every', '0.5', '-n', '9'], terminal)).toBe(0);
    expect(lines.slice(-3).every((line) => textWidth(line) <= size.columns)).toBe(true);
    expect(lines.at(-1)).toMatch(/^… \d more do not fit\.$/);
  });
});

/** Lines of one key in their order. */
function sortedByKey(lines: readonly string[]): string[] {
  const key = (line: string) => /"id":"(\w+)"/.exec(line)?.[1] ?? '';
  return lines.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Everything in the only shard of a stream, in its order. */
async function stored(StreamName: string): Promise<string[]> {
  const { kinesis } = app.clients;
  const start = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start));
  for (const found: string[] = []; ; ) {
    const { Records = [], NextShardIterator } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    found.push(...Records.map(({ Data = new Uint8Array() }) => Buffer.from(Data).toString()));
    if (Records.length === 0) return found;
    ShardIterator = NextShardIterator;
  }
}
