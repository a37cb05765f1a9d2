import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { detectSentiment } from '@tweet-pipes/local-aws/comprehend/stand-in';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import type { TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import fc from 'fast-check';
import { SentimentFixture, type StoredTweet, stored } from '../statemachines/sentiment-fixture.ts';

/** Histories; the seed is fixed unless PROPERTY_SEED is set. See docs/reliability.md. */
const runs = Number(process.env.PROPERTY_RUNS ?? 100);
const seed = Number(process.env.PROPERTY_SEED ?? 1);
const options = { numRuns: runs, seed, endOnFailure: process.env.PROPERTY_SHRINK === '0' };

/**
 * What happens to a call. `refused`: throttled, no effect. `lost`: it takes effect, and its answer is a broken
 * connection. `crash`: the execution ends before it. `lost-and-crash`: the execution ends after it.
 */
type Fate = 'ok' | 'refused' | 'lost' | 'crash' | 'lost-and-crash';

/** A delivery of the tweets `from` to `to`, and what happens to its calls in their order; the rest is ok. */
interface Delivery {
  from: number;
  to: number;
  fates: Fate[];
  /** The tweet that is deleted before it, if there is one of this number. */
  deleted: number;
}

const texts = ['I love this', 'I hate this', 'a table', 'good and bad', '😍', '', ' ', 'die Katze 😡', '#tag'];
const languages = ['en', 'de', 'ja', 'zh-cn', 'in', 'und', undefined];
const tweets = fc
  .array(fc.record({ text: fc.constantFrom(...texts), lang: fc.constantFrom(...languages) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((made) =>
    made.map(({ text, lang }, n): StoredTweet => {
      const { lang: _, ...tweet } = stored(`${n}`, text, 'en', n);
      return lang === undefined ? tweet : { ...tweet, lang };
    }),
  );
const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('ok') },
  { weight: 3, arbitrary: fc.constantFrom<Fate>('refused', 'lost') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('crash', 'lost-and-crash') },
);
const deliveries: fc.Arbitrary<Delivery[]> = fc.array(
  fc.record({
    from: fc.nat(7),
    to: fc.integer({ min: 1, max: 8 }),
    fates: fc.array(fate, { maxLength: 12, size: 'max' }),
    deleted: fc.nat(30),
  }),
  { maxLength: 4 },
);

let fixture: SentimentFixture;
beforeAll(async () => {
  fixture = await SentimentFixture.start();
});
afterAll(() => fixture?.stop());

/** Makes the calls of an execution meet their fates. */
function meeting(fates: readonly Fate[], crash: AbortController): (run: TaskRunner) => TaskRunner {
  let calls = 0;
  return (run) => async (call) => {
    const fate = fates[calls++] ?? 'ok';
    const service = call.integration.resourceType === 'aws-sdk:comprehend' ? 'Comprehend' : 'DynamoDb';
    if (fate === 'crash') crash.abort();
    if (fate === 'lost' || fate === 'lost-and-crash') await run(call).catch(() => undefined);
    if (fate === 'lost-and-crash') crash.abort();
    if (fate !== 'ok') throw new StateError(`${service}.SdkClientException`, 'the connection broke');
    return run(call);
  };
}

async function deliver(batch: readonly StoredTweet[], fates: readonly Fate[]): Promise<JsonObject[]> {
  if (batch.length === 0) return [];
  const crash = new AbortController();
  const { output } = await fixture.deliver(batch, meeting(fates, crash), crash.signal);
  return Array.isArray(output) ? output.filter(isJsonObject) : [];
}

/** What the text of a tweet gives. */
function expectedSentiment({ text = '', lang = '' }: StoredTweet): string {
  if (text.trim() === '') return 'NO_TEXT';
  const language = lang === 'zh-cn' ? 'zh' : lang;
  return ['en', 'de', 'ja', 'zh'].includes(language) ? detectSentiment(text, language).Sentiment : 'UNSUPPORTED';
}

describe('every stored tweet has one sentiment, that of its text, and rows that say the same', () => {
  it(
    'under every crash, throttling, lost answer, deletion and redelivery',
    async () => {
      const property = fc.asyncProperty(tweets, deliveries, async (all, history) => {
        await fixture.clear();
        await fixture.store(all);
        const rows: JsonObject[] = [];
        const deleted = new Set<string>();
        for (const { from, to, fates, deleted: n } of history) {
          if (n < all.length) {
            await fixture.remove(`${n}`);
            deleted.add(`${n}`);
          }
          rows.push(...(await deliver(all.slice(from, to), fates)));
        }
        rows.push(...(await deliver(all, [])));

        const items = await fixture.items();
        const live = all.filter(({ id }) => !deleted.has(id));
        expect(Object.keys(items).sort()).toEqual(live.map(({ id }) => id).sort());
        for (const tweet of live) {
          const item = items[tweet.id];
          const own = rows.filter(({ id }) => id === tweet.id);
          expect(item).toMatchObject({ ...tweet, sentiment: expectedSentiment(tweet) });
          expect(own.length).toBeGreaterThan(0);
          for (const row of own) {
            expect(row).toMatchObject({
              sentiment: item?.sentiment,
              position: tweet.record,
              detected_at: String(item?.sentimentAt).replace('T', ' ').replace('Z', ''),
            });
          }
        }
      });
      await fc.assert(property, options);
    },
    60_000 + runs * 3_000,
  );
});
