import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import * as z from 'zod';
import { until } from '../../../kit/test/until.ts';
import { run } from '../../src/run.ts';
import { type Child, startChild } from '../child.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const summarySchema = z.object({
  ok: z.boolean(),
  records: z.number(),
  tweetsStored: z.number(),
  duplicates: z.number(),
  afterDeletion: z.number(),
  deleteNotices: z.number(),
  hashtags: z.number(),
  totalCount: z.number(),
  deletionsArchived: z.number(),
  quarantined: z.number(),
  quarantineReasons: z.record(z.string(), z.number()),
  executions: z.number().optional(),
  seconds: z.number(),
  endpoint: z.string(),
  lake: z.object({ tweets: z.number(), live: z.number() }).nullable(),
  languages: z
    .array(z.object({ lang: z.string(), tweets: z.number() }))
    .nullable()
    .optional(),
  orders: z.object({ changes: z.number().optional(), current: z.number() }).nullable().optional(),
  differenceCount: z.number(),
  differences: z.array(z.unknown()),
});

/** Every kind of record occurs; the README's test feeds the whole sample. */
const RECORDS = 300;
const { truth } = createSample({ records: RECORDS });
let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-start-'));
  data = join(folder, 'data');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(...more: string[]): Child {
  return startChild(['start', '--json', '--records', `${RECORDS}`, '--port', '0', '--data', data, ...more]);
}

async function startOnce(...more: string[]) {
  const { exitCode, out, err } = await start('--once', ...more).ended;
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  return { exitCode, err, summary: summarySchema.parse(JSON.parse(out)) };
}

/** Runs a command in this process. */
async function runHere(args: string[], env: Record<string, string> = {}, input?: string) {
  const terminal = fakeTerminal(env, Readable.from(input === undefined ? [] : [Buffer.from(input)]));
  const exitCode = await run(args, terminal);
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

describe('start', () => {
  it('has every kind of record to feed', () => {
    const { tweets, removed, duplicates, afterDeletion, quarantined } = truth;
    for (const count of [tweets.size, removed.size, duplicates, afterDeletion]) expect(count).toBeGreaterThan(5);
    expect([...quarantined.keys()].sort()).toEqual([...createSample().truth.quarantined.keys()].sort());
  });

  it('feeds the sample to the stack and finds every store exactly as it must be', async () => {
    const { exitCode, err, summary } = await startOnce();
    expect(summary).toMatchObject({
      ok: true,
      differences: [],
      records: truth.records,
      tweetsStored: truth.tweets.size + truth.removed.size,
      duplicates: truth.duplicates,
      afterDeletion: truth.afterDeletion,
      hashtags: truth.counts.size,
      totalCount: [...truth.counts.values()].reduce((sum, count) => sum + count, 0),
      deletionsArchived: truth.removed.size,
      quarantineReasons: Object.fromEntries(truth.quarantined),
      // The lake keeps deleted tweets, and those that came after their delete notice.
      lake: { live: truth.tweets.size },
      languages: expect.arrayContaining([{ lang: 'ja', tweets: expect.any(Number) }]),
      orders: { changes: 300 },
    });
    expect(summary.executions).toBeGreaterThan(0);
    expect(summary.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(err).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(0);
  });
});

describe('start again on the same data folder', () => {
  let local: Child;
  let summary: z.infer<typeof summarySchema>;
  let env: { AWS_ENDPOINT_URL: string };
  beforeAll(async () => {
    local = start();
    const [line] = await local.says(/^\{.*\}$/m);
    summary = summarySchema.parse(JSON.parse(line));
    await local.says(/Serving; Ctrl-C stops/);
    env = { AWS_ENDPOINT_URL: summary.endpoint };
  });
  afterAll(async () => {
    local.process.kill('SIGKILL');
    await local.ended;
  });

  it('feeds the sample again, and nothing is counted twice', () => {
    expect(summary).toMatchObject({
      ok: true,
      records: truth.records,
      tweetsStored: 0,
      deletionsArchived: 0,
      hashtags: truth.counts.size,
      totalCount: [...truth.counts.values()].reduce((sum, count) => sum + count, 0),
    });
  });

  const command = (args: string[], input?: string) => runHere(args, env, input);

  /** Runs a command again until its output matches. */
  async function eventually(args: string[], pattern: RegExp): Promise<string> {
    let out = '';
    const matches = async () => {
      ({ out } = await command(args));
      return pattern.test(out);
    };
    await until(matches, { what: async () => `${args.join(' ')} prints ${pattern}; last: ${out}`, everyMs: 50 });
    return out;
  }

  it('outputs names what the stack holds', async () => {
    const { exitCode, out } = await command(['outputs', '--json']);
    expect(exitCode).toBe(0);
    expect(Object.keys(JSON.parse(out)).sort()).toEqual(
      [
        'AlarmTopicArn',
        'ArchiveBucketName',
        'ArchiveContent',
        'DeletionTableName',
        'HashtagArchivePipeName',
        'HashtagTableName',
        'IngestPipeName',
        'LakeBucketName',
        'LakeCrawlerName',
        'LakeDatabaseName',
        'LakeDeliveryStreamName',
        'OrderGeneratorName',
        'OrderPipeName',
        'OrderTableName',
        'SalesBucketName',
        'SalesCrawlerName',
        'SalesDatabaseName',
        'SalesDeliveryStreamName',
        'SalesStreamName',
        'SalesWorkGroupName',
        'ShardTableName',
        'TweetArchivePipeName',
        'TweetStreamName',
        'TweetTableName',
        'TweetTableStreamArn',
        'WorkGroupName',
        'WorkflowArn',
      ].sort(),
    );
    expect((await command(['outputs'])).out).toMatch(/^TweetStreamName {2,}TweetPipes-/);
    expect((await command(['outputs', '--stack', 'TweetLake', 'WorkGroupName'])).out).toBe('TweetLake');
    expect(await command(['outputs', '--stack', 'TweetLake', 'TweetStreamName'])).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^There is no output TweetStreamName\. There are LakeBucketName, /),
    });
  });

  it('produce, top and delete work on it', async () => {
    // Enough of them to be the largest counter beside the sample's.
    const tweets = Array.from({ length: 60 }, (_, index) => {
      const hashtags = [{ text: 'Ёжики' }, { text: `n${index % 3}` }];
      return JSON.stringify({ id_str: `${index}`, entities: { hashtags } });
    });
    const produced = await command(['produce', 'file', '-', '--json'], `${tweets.join('\n\r\n')}\nnot json\n`);
    expect(produced).toMatchObject({ exitCode: 2, err: expect.stringContaining('1 × not JSON: standard input:120') });
    expect(JSON.parse(produced.out)).toMatchObject({ sent: 61, lost: 0, oversized: 0, interrupted: false });
    const allCounted = /"ёжики","count":60.*"n0","count":20.*"n1","count":20.*"n2","count":20/;
    const top = z
      .array(z.object({ hashtag: z.string(), count: z.number() }))
      .parse(JSON.parse(await eventually(['top', '-n', '1000', '--json'], allCounted)));
    expect(top.filter(({ hashtag }) => /^(ёжики|n\d)$/.test(hashtag))).toEqual([
      { hashtag: 'ёжики', count: 60 },
      ...['n0', 'n1', 'n2'].map((hashtag) => ({ hashtag, count: 20 })),
    ]);
    expect((await command(['top', '-n', '1'])).out).toMatch(/^60 █+ #ёжики$/);

    expect(await command(['delete', '1', '1', '2'])).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^Sent 2 delete notices;/),
    });
    expect(await command(['delete', '1'])).toMatchObject({
      exitCode: 0,
      out: 'Sent 1 delete notice; the tweet is gone once the pipe has read it.',
    });
    expect(await command(['delete', '--direct', '3', 'nobody', '--json'])).toMatchObject({
      exitCode: 0,
      out: '{"deleted":["3"],"missing":["nobody"]}',
    });
  });

  it('produce names what is too large and answers 2', async () => {
    const { exitCode, out, err } = await command(
      ['produce', 'file', '-'],
      `{"id_str":"9","text":"n"}\n${'x'.repeat(1_100_000)}\n`,
    );
    expect(exitCode).toBe(2);
    expect(out).toMatch(/^Sent 1 record \(25 bytes\) in .* s; 1 oversized\.$/);
    expect(err).toMatch(/^Not sent: 1,100,032 bytes or more, above the limit of 1 MiB \(standard input:2\)$/);
    expect(err).not.toMatch(/no tweet/);
  });

  it('verify proves the counts beside other data', async () => {
    const { exitCode, out, err } = await command(['verify', '--records', '200', '--json']);
    expect(summarySchema.parse(JSON.parse(out))).toMatchObject({
      ok: true,
      records: 200,
      orders: { current: summary.orders?.current },
      differenceCount: 0,
    });
    expect(exitCode).toBe(0);
    expect(err).toMatch(/^Feeding 200 records to TweetPipes-/);
  });

  it('a second runtime is kept from the same data folder', async () => {
    const { exitCode, out, err } = await runHere(['local', '--port', '0', '--data', data]);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toMatch(/is in use by .*choose another folder with --data/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('Ctrl-C stops it cleanly', async () => {
    local.process.kill('SIGINT');
    const { exitCode, err } = await local.ended;
    expect(err).toMatch(/Stopping …\n$/);
    expect(exitCode).toBe(0);
  });
});

it('refuses stacks that cannot run alone, or that are not there, and does without the lake', async () => {
  const refused = async (stacks: string) => {
    const { exitCode, err } = await runHere(['local', '--port', '0', '--data', data, '--stacks', stacks]);
    return { exitCode, last: err.trimEnd().split('\n').at(-1) };
  };
  expect(await refused('TweetLake')).toEqual({
    exitCode: 1,
    last:
      'Stack TweetLake needs TweetPipes, which is not among the chosen stacks. ' +
      'Choose it too: TweetPipes,TweetLake.',
  });
  expect(await refused('TweetPipes,Pond')).toEqual({
    exitCode: 1,
    last: 'The app has no stack Pond. It has: TweetPipes, TweetLake, SalesLake.',
  });
  const { exitCode, summary } = await startOnce('--fresh', '--stacks', 'TweetPipes', '--records', '100');
  expect([exitCode, summary.ok, summary.lake]).toEqual([0, true, null]);
});

describe('a stack that cannot be synthesized', () => {
  it('is told in the words of the app, with exit code 1', async () => {
    const { exitCode, err } = await runHere([
      ...['local', '--port', '0', '--data', join(folder, 'other')],
      ...['-c', 'tweetPipes:shads=2'],
    ]);
    expect(exitCode).toBe(1);
    expect(err).toContain('Unknown option tweetPipes:shads. The closest is tweetPipes:shards');
    expect(err).not.toMatch(/\n\s+at /);
  });
});
