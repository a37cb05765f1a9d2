import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { controlled } from '@tweet-pipes/producer/controlled';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import { generateSource } from '@tweet-pipes/producer/sources/generate';
import { asPipeParses } from './delivered-data.ts';
import { ExpressionPeaks } from './expression-peaks.ts';
import { type DeliveredRecord, delivered, IngestFixture, notice, tweet } from './ingest-fixture.ts';

/** Characters of the input that Pipes hands to a workflow. */
const largestInput = 262_144;

const peaks = new ExpressionPeaks();
let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await IngestFixture.start((definition) => peaks.observe(definition));
});
afterAll(async () => {
  process.stdout.write(`\n${peaks}\n`);
  await fixture.stop();
});

describe('half of the depth and memory that AWS’s engine allows', () => {
  it.each<[string, () => Promise<Json[]> | Json[]]>([
    ['1 compact tweet', () => newTweets(1)],
    ['100 compact tweets', () => newTweets(100)],
    ['500 compact tweets', () => newTweets(500)],
    ['the largest batch of raw tweets', () => newTweets(500, { isRaw: true })],
    ['500 records of the sample', () => [...sampleRecords({ records: 500 })].map(({ data }) => asPipeParses(data))],
    ['1 tweet of 1,500 hashtags', () => [tweet('1', ...hashtags(1_500))]],
    [
      '500 tweets of 3 hashtags in decomposed Korean',
      () => Array.from({ length: 500 }, (_, n) => tweet(`${n}`, ...korean(n))),
    ],
    ['500 tweets of one hashtag', () => Array.from({ length: 500 }, (_, n) => tweet(`${n}`, 'all'))],
  ])('is enough for %s: new, redelivered, deleted', async (name, make) => {
    const batch = upToTheLargest(delivered(await make()));
    peaks.begin(name);
    await fixture.clear();
    expect([await run(batch), await run(batch)]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    await fixture.clear();
    const notices = idsOf(batch).map(notice);
    expect([await run(delivered(notices, 0, 1)), await run(batch)]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(peaks.peaks.size).toBeGreaterThan(30);
    expect(peaks.beyondHalf).toEqual([]);
  });
});

async function run(batch: DeliveredRecord[]): Promise<string> {
  const { status, cause } = await fixture.deliver(batch);
  return cause ?? status;
}

async function newTweets(count: number, { isRaw = false } = {}): Promise<Json[]> {
  const source = generateSource({ duplicates: 0, deletions: 0, malformed: 0, seed: 1 });
  const records: Json[] = [];
  for await (const { data } of controlled(source, { clock: systemClock, isRaw, limit: count }).records())
    records.push(asPipeParses(data));
  return records;
}

/** Together as long as a tweet's hashtags may be. */
function hashtags(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n}`.padStart(Math.floor(25_000 / count), 'x'));
}

function korean(n: number): string[] {
  return ['대한민국축구', '한국어능력시험', '봄'].map((word) => `${word}${n % 20}`.normalize('NFD'));
}

/** As many records as an input holds. */
function upToTheLargest(batch: DeliveredRecord[]): DeliveredRecord[] {
  let characters = '[]'.length;
  return batch.filter((record) => {
    characters += JSON.stringify(record).length + ','.length;
    return characters <= largestInput;
  });
}

function idsOf(batch: DeliveredRecord[]): string[] {
  return [...new Set(JSON.stringify(batch).match(/(?<="id(_str)?":")\d+(?=")/g))];
}
