import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExpressionPeaks } from './expression-peaks.ts';
import { delivered, SentimentFixture, type StoredTweet, stored } from './sentiment-fixture.ts';

/** Bytes of the input that Step Functions takes (AWS: "Quotas related to state machine executions"). */
const largestInput = 262_144;
/** Records of a batch of the pipe. */
const most = 100;
const languages = ['en', 'es', 'fr', 'de', 'it', 'pt', 'ar', 'hi', 'ja', 'ko', 'zh', 'zh-tw', 'tl'];

const peaks = new ExpressionPeaks();
let fixture: SentimentFixture;
beforeAll(async () => {
  fixture = await SentimentFixture.start((definition) => peaks.observe(definition));
});
afterAll(async () => {
  process.stdout.write(`\n${peaks}\n`);
  await fixture?.stop();
});

const tweets = (text: string, languageOf: (n: number) => string) =>
  Array.from({ length: most }, (_, n) => stored(`${n}`, text, languageOf(n), n));

describe('half of the depth and memory that AWS’s engine allows', () => {
  it.each<[string, StoredTweet[]]>([
    ['1 tweet', [stored('1', 'I love this')]],
    ['100 tweets of one language', tweets('word '.repeat(56), () => 'en')],
    ['100 tweets of all languages', tweets('word '.repeat(56), (n) => languages[n % languages.length] ?? 'en')],
    ['the largest batch of long ASCII', tweets('word '.repeat(1000), () => 'en')],
    ['the largest batch of texts that are cut', tweets('aé語😀'.repeat(2000), () => 'ja')],
    ['the largest batch of texts of four bytes that are cut', tweets('😀'.repeat(1251), () => 'ja')],
    ['the longest text', [stored('1', 'aé語😀'.repeat(6250), 'ja')]],
  ])('is enough for %s: new and redelivered', async (name, batch) => {
    const largest = upToTheLargest(batch);
    peaks.begin(name);
    await fixture.clear();
    await fixture.store(largest);
    expect(await fixture.rows(largest)).toHaveLength(largest.length);
    expect(await fixture.rows(largest)).toHaveLength(largest.length);
    expect(peaks.peaks.size).toBeGreaterThan(15);
    expect(peaks.beyondHalf).toEqual([]);
  });
});

/** As many tweets as an input holds. */
function upToTheLargest(batch: readonly StoredTweet[]): StoredTweet[] {
  let bytes = '[]'.length;
  return batch.filter((tweet) => {
    bytes += Buffer.byteLength(JSON.stringify(delivered([tweet])));
    return bytes <= largestInput;
  });
}
