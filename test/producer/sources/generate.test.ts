import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { hashtagsByRank } from '@tweet-pipes/producer/generate/hashtags';
import { zipf } from '@tweet-pipes/producer/generate/zipf';
import { partitionKeyOf } from '@tweet-pipes/producer/partition-key';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { languages } from '@tweet-pipes/producer/sample/vocabulary';
import { type GenerateOptions, generateSource } from '@tweet-pipes/producer/sources/generate';
import fc from 'fast-check';
import { extract } from '../workflow-extraction.ts';

async function first(count: number, options: GenerateOptions): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  for await (const record of generateSource(options).records()) {
    if (records.push(record) === count) return records;
  }
  throw new Error('It ended.');
}

const text = (records: readonly StreamRecord[]) => records.map(({ data }) => Buffer.from(data).toString('latin1'));

describe('the generated tweets', () => {
  it('are the same for the same options, and share no id with those of another seed', async () => {
    expect(text(await first(300, { seed: 3 }))).toEqual(text(await first(300, { seed: 3 })));
    const ids = async (seed: number) =>
      new Set((await first(300, { seed, malformed: 0 })).map(({ partitionKey }) => partitionKey));
    const others = await ids(4);
    expect([...(await ids(3))].filter((id) => others.has(id))).toEqual([]);
  });

  it('have the shares that were asked for, and the key that every source would choose', async () => {
    const records = await first(2000, { duplicates: 0.1, deletions: 0.1, malformed: 0.05, retweets: 0.5 });
    const kinds = { duplicate: 0, deletion: 0, rejected: 0, retweet: 0, other: 0 };
    const seen = new Set<unknown>();
    for (const record of records) {
      expect(record.partitionKey).toBe(partitionKeyOf(record.data));
      const { tweets, deletions, rejected } = await extract(record);
      const [id] = tweets.map((tweet) => tweet.id);
      if (rejected.length > 0) kinds.rejected += 1;
      else if (deletions.length > 0) {
        kinds.deletion += 1;
        expect(seen).toContain(deletions[0]?.id);
      } else if (seen.has(id)) kinds.duplicate += 1;
      else if (/"retweeted(_status)?"/.test(record.data.toString())) kinds.retweet += 1;
      else kinds.other += 1;
      seen.add(id);
    }
    for (const [kind, share] of Object.entries({ duplicate: 0.1, deletion: 0.1, rejected: 0.05, retweet: 0.375 })) {
      expect([kind, Math.abs((kinds[kind as keyof typeof kinds] ?? 0) / 2000 - share) < 0.03]).toEqual([kind, true]);
    }
  });

  it('are in the languages that were asked for', async () => {
    const said = text(await first(200, { languages: ['th'], malformed: 0 })).join();
    expect(new Set([...said.matchAll(/"lang":"(\w+)"/g)].map(([, lang]) => lang))).toEqual(new Set(['th']));
  });

  it.each<[GenerateOptions, string]>([
    [{ languages: ['en', 'tlh'] }, 'There is no language tlh; there are en, es,'],
    [{ languages: [] }, 'At least one language is needed.'],
    [{ duplicates: 0.6, deletions: 0.5 }, 'together, but must be at most 1.'],
  ])('refuse %j', (options, message) => {
    expect(() => generateSource(options)).toThrow(message);
  });

  it('use hashtags as Zipf says', () => {
    const random = seededRandom(1);
    for (const exponent of [0, 1, 2]) {
      const draw = zipf(100, exponent);
      const counts = new Array<number>(100).fill(0);
      for (let draws = 0; draws < 50_000; draws += 1) {
        const rank = draw(random);
        counts[rank] = (counts[rank] ?? 0) + 1;
      }
      const sum = counts.reduce((total, _, index) => total + 1 / (index + 1) ** exponent, 0);
      for (const rank of [0, 1, 4]) {
        const expected = 50_000 / (rank + 1) ** exponent / sum;
        expect(Math.abs((counts[rank] ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
      }
    }
  });

  it('have a different hashtag for each rank', () => {
    fc.assert(
      fc.property(fc.subarray([...languages], { minLength: 1 }), (some) => {
        const of = hashtagsByRank(some);
        expect(new Set(Array.from({ length: 500 }, (_, rank) => of(rank).folded)).size).toBe(500);
      }),
    );
  });
});
