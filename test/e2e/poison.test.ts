import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Item, Stores } from '../../cli/verification/stores.ts';
import { type App, type EventId, startApp } from './app.ts';
import { type Place, poisons } from './poison.ts';

const largeTweets = 200;

let app: App;
let stores: Stores;
let deadLetters: Map<EventId, string>;
/** Where each poison is in the stream, by its name. */
const eventIds = new Map<string, EventId>();

const encode = (record: object): Uint8Array => Buffer.from(JSON.stringify(record));
const good = (id: string, ...hashtags: string[]) => ({
  Data: encode({ id_str: id, text: `good ${id}`, entities: { hashtags: hashtags.map((text) => ({ text })) } }),
});

// One shard, so that whatever holds it up holds up everything; each poison between two good neighbours of the same call.
beforeAll(async () => {
  app = await startApp({ shards: 1, maximumRetryAttempts: 1 });
  for (const [n, { name, record }] of poisons.entries()) {
    const [, eventId] = await app.put([
      good(`before ${n}`, 'neighbour', `n${n}`),
      { Data: record },
      good(`after ${n}`, 'neighbour', `n${n}`),
    ]);
    eventIds.set(name, eventId ?? '');
  }
  await app.put(
    Array.from({ length: largeTweets }, (_, n) => ({
      Data: encode({ id_str: `large ${n}`, entities: { hashtags: [{ text: 'large' }] }, filler: 'x'.repeat(30_000) }),
    })),
  );
  await app.settled();
  stores = await app.stores();
  deadLetters = await app.deadLetters();
}, 120_000);
afterAll(() => app?.stop());

function dataOf(as: Extract<Place, { in: 'quarantine' }>['data'], record: Buffer): unknown {
  if (as === 'base64') return record.toString('base64');
  return as === 'json' ? JSON.parse(record.toString('utf8')) : as.value;
}

const quarantineKey = (name: string) => `quarantine/${eventIds.get(name)?.replace(':', '/')}.json`;

describe('a bad record ends in its place:', () => {
  it.each(poisons.map((poison) => [poison.name, poison] as const))('%s', (name, { record, place }) => {
    const eventId = eventIds.get(name) ?? '';
    const found = {
      tweets: [...stores.tweets.values()].filter((tweet) => tweet.record === eventId).map(({ id }) => id),
      deletions: [...stores.deletions.values()].filter((deletion) => deletion.record === eventId).map(({ id }) => id),
      quarantine: stores.quarantine.get(quarantineKey(name)),
      deadLetter: deadLetters.get(eventId),
    };
    const nowhere = { tweets: [], deletions: [], quarantine: undefined, deadLetter: undefined };
    switch (place.in) {
      case 'tweets':
        expect(found).toEqual({ ...nowhere, tweets: [place.id] });
        expect(stores.tweets.get(place.id)).toEqual({
          id: place.id,
          hashtags: place.hashtags,
          record: eventId,
          expiresAt: expect.any(Number),
          ...place.attributes,
        });
        return;
      case 'deletions':
        expect(found).toEqual({ ...nowhere, deletions: [place.id] });
        return;
      case 'quarantine':
        expect(found).toEqual({
          ...nowhere,
          quarantine: {
            reason: place.reason,
            event_id: eventId,
            arrived_at: expect.any(String),
            data: dataOf(place.data, Buffer.from(record)),
          },
        });
        return;
      case 'dead-letters':
        expect(found).toEqual({ ...nowhere, deadLetter: 'RetryAttemptsExhausted' });
    }
  });
});

describe('whatever came between', () => {
  const placed = <Where extends Place['in']>(where: Where) =>
    poisons.flatMap(({ name, place }) =>
      place.in === where ? [{ name, place: place as Extract<Place, { in: Where }> }] : [],
    );

  it('counts are exact', () => {
    const expected = new Map([
      ['neighbour', 2 * poisons.length],
      ['large', largeTweets],
    ]);
    for (const n of poisons.keys()) expected.set(`n${n}`, 2);
    for (const { place } of placed('tweets'))
      for (const hashtag of place.hashtags) expected.set(hashtag, (expected.get(hashtag) ?? 0) + 1);
    const counts = new Map([...stores.hashtags].map(([hashtag, { htCount }]: [string, Item]) => [hashtag, htCount]));
    expect(counts.size).toBe(expected.size);
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(expected));
  });

  it('every good tweet is stored, and nothing else', () => {
    const neighbours = [...poisons.keys()].flatMap((n) => [`before ${n}`, `after ${n}`]);
    const large = Array.from({ length: largeTweets }, (_, n) => `large ${n}`);
    const odd = placed('tweets').map(({ place }) => place.id);
    expect([...stores.tweets.keys()].sort()).toEqual([...neighbours, ...large, ...odd].sort());
  });

  it('nothing else is in quarantine or in the dead-letter queue', () => {
    expect([...stores.quarantine.keys()].sort()).toEqual(
      placed('quarantine')
        .map(({ name }) => quarantineKey(name))
        .sort(),
    );
    expect(deadLetters.size).toBe(placed('dead-letters').length);
  });
});
