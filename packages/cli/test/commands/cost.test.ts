import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import { generateChanges } from '@tweet-pipes/kit/orders/generate-changes';
import { z } from 'zod';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const summary = z.object({
  recordsPerSecond: z.number(),
  shards: z.number(),
  recordsPerBatch: z.number(),
  month: z.object({
    usd: z.number(),
    lines: z.array(
      z.object({ stack: z.string(), item: z.string(), amount: z.number(), usdPerUnit: z.number(), usd: z.number() }),
    ),
  }),
  alternatives: z.array(z.object({ option: z.string(), usd: z.number() })),
  sales: z.null(),
  measured: z.object({
    records: z.number(),
    executions: z.number(),
    units: z.record(z.string(), z.record(z.string(), z.number())),
  }),
});

const bill = summary.shape.month;
const salesSummary = z.object({
  sales: z.object({ perMillion: bill, standing: bill, measured: z.number(), bytesPerOrder: z.number() }),
});

/** Fills batches, so that `cost` does not measure a longer window too. */
const HIGH_RATE = ['--rate', '10000'];

const kind = z.enum(['place', 'update', 'delete']);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-cost-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('cost', () => {
  it('runs the records of a file in batches of the size that the rate gives, and multiplies what they used', async () => {
    const tweet = (id: number) => ({ id_str: `${id}`, text: '#a', entities: { hashtags: [{ text: `tag${id % 7}` }] } });
    const lines = Array.from({ length: 120 }, (_, index) => JSON.stringify(tweet(index + 1)));
    const file = join(folder, 'tweets.jsonl');
    await writeFile(file, lines.join('\n'));
    const terminal = fakeTerminal();
    const options = ['--json', '-c', 'tweetPipes:shards=4', '--stacks', 'TweetPipes,TweetLake'];
    await run(['cost', '--rate', '76', '--sample', file, ...options], terminal);
    const result = summary.parse(JSON.parse(terminal.printed()));
    expect(result).toMatchObject({ recordsPerSecond: 76, shards: 4, recordsPerBatch: 20 });
    const { records, executions, units: byStack } = result.measured;
    const { TweetPipes: units = {}, TweetLake: ofLake = {} } = byStack;
    expect({ records, executions }).toEqual({ records: 120, executions: 6 });
    // Each batch of 20 has all seven hashtags, and each tweet is new.
    expect(units.dynamodbWriteUnits).toBeGreaterThanOrEqual(120 + 6 * 7);
    expect(units.dynamodbWriteUnits).toBeLessThanOrEqual(1.1 * (120 + 6 * 7));
    const writes = result.month.lines.find(({ item }) => item === 'dynamodbWriteUnits');
    const perMonth = (76 * 2_628_000) / 120;
    expect(writes?.amount).toBeCloseTo(((units.dynamodbWriteUnits ?? 0) * perMonth) / 1e6, 3);
    expect(result.alternatives.map(({ option }) => option)).toContain('tweetPipes:logLevel=ERROR');

    // Firehose reads each record once, bills 5 KB of it, and puts an object of rows.
    expect(ofLake.firehoseBytes).toBe(120 * 5 * 1024);
    expect(ofLake.kinesisReadBytes).toBeGreaterThan(120 * 20);
    expect(ofLake.s3StoredBytes).toBeGreaterThan(0);
    const read = result.month.lines.find(({ stack, item }) => stack === 'TweetLake' && item === 'firehoseBytes');
    expect(read?.amount).toBeCloseTo((76 * 2_628_000 * 5 * 1024) / 1e9, 2);
    const standing = result.month.lines.filter(({ item }) => item === 'dashboardMonths').map(({ stack }) => stack);
    expect(standing.sort()).toEqual(['TweetLake', 'TweetPipes']);
  });

  it('runs what comes over standard input', async () => {
    const tweets = Array.from({ length: 6 }, (_, index) => JSON.stringify({ id_str: `${index + 1}`, text: 'a' }));
    const terminal = fakeTerminal({}, Readable.from([tweets.join('\n')]));
    const args = ['cost', '--sample', '-', '--json', '--stacks', 'TweetPipes', ...HIGH_RATE];
    expect(await run(args, terminal)).toBe(0);
    const { measured, month, sales } = summary.parse(JSON.parse(terminal.printed()));
    expect(sales).toBeNull();
    expect(measured.records).toBe(6);
    expect(new Set(month.lines.map(({ stack }) => stack))).toEqual(new Set(['TweetPipes']));
  });

  it('prices a million changes of orders from those that it wrote, without the stacks of tweets', async () => {
    const terminal = fakeTerminal();
    expect(await run(['cost', '--stacks', 'SalesLake', '--records', '200', '--rate', '5', '--json'], terminal)).toBe(0);
    const { sales } = salesSummary.parse(JSON.parse(terminal.printed()));
    const { perMillion, standing, measured, bytesPerOrder } = sales;
    const amounts = Object.fromEntries(perMillion.lines.map(({ item, amount }) => [item, amount]));
    expect({ measured, stacks: new Set(perMillion.lines.map(({ stack }) => stack)) }).toEqual({
      measured: 200,
      stacks: new Set(['SalesLake']),
    });
    // Each change is a write, an event of the pipe, a unit of the stream, and 5 KB for Firehose.
    expect(amounts).toMatchObject({
      dynamodbWriteUnits: 1,
      pipesRequests: 1,
      kinesisPutUnits: 1,
      firehoseBytes: 5.12,
      // An object in five minutes.
      s3Writes: 0.0007,
    });
    expect(bytesPerOrder).toBeGreaterThan(250);
    // What is left of the orders is stored for a month, and can be restored.
    const changes = generateChanges(changeDefaults, Date.now);
    let left = 0;
    for (let index = 0; index < measured; index += 1) {
      left += { place: 1, update: 0, delete: -1 }[z.object({ kind }).parse(changes.next().value).kind];
    }
    const gigabytes = ((bytesPerOrder * left) / measured) * 1e-3;
    expect(amounts.dynamodbStoredByteMonths).toBeCloseTo(gigabytes, 4);
    expect(amounts.dynamodbRecoveryByteMonths).toBeCloseTo(gigabytes, 4);
    expect(standing.lines.map(({ item }) => item)).toContain('shardHours');
  });

  it('has no sample of orders, and no bill of a table that is not here', async () => {
    for (const [args, message] of [
      [['--sample', '-'], '--sample holds records of tweets'],
      [['-c', 'tweetPipes:salesTable=invoices.json'], 'tweetPipes:salesTable names a table of yours'],
    ] as const) {
      const terminal = fakeTerminal();
      expect(await run(['cost', '--stacks', 'SalesLake', ...args], terminal)).toBe(1);
      expect(terminal.complaints()).toContain(message);
    }
  });

  it('says what Comprehend takes, if the lake asks for sentiment', async () => {
    const tweets = Array.from({ length: 6 }, (_, index) => JSON.stringify({ id_str: `${index + 1}`, text: 'a' }));
    const terminal = fakeTerminal({}, Readable.from([tweets.join('\n')]));
    const args = ['cost', '--sample', '-', '--json', '-c', 'tweetPipes:sentiment=comprehend'];
    args.push('--stacks', 'TweetPipes,TweetLake', ...HIGH_RATE);

    expect(await run(args, terminal)).toBe(0);
    expect(terminal.complaints()).toContain(
      'about 300 USD for a million tweets of up to 300 characters, 7,884,000 USD a month',
    );
  });

  it('says that a sample is empty', async () => {
    const terminal = fakeTerminal();
    expect(await run(['cost', '--sample', '-'], terminal)).toBe(1);
    expect(terminal.complaints()).toContain('The sample holds no record.');
  });

  it("repeats the app's own words about a wrong option, with exit code 1", async () => {
    const terminal = fakeTerminal();
    expect(await run(['cost', '-c', 'tweetPipes:shads=2'], terminal)).toBe(1);
    expect(terminal.complaints()).toContain('Unknown option tweetPipes:shads. The closest is tweetPipes:shards');
    expect(terminal.complaints()).not.toMatch(/\n\s+at /);
  });

  it('says what is wrong with a sample that is not there', async () => {
    const terminal = fakeTerminal();
    expect(await run(['cost', '--sample', join(folder, 'nothing.jsonl')], terminal)).toBe(1);
    expect(terminal.complaints()).toContain('nothing.jsonl');
  });
});
