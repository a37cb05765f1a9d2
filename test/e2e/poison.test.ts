import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redrive } from '@tweet-pipes/cli/recovery/redrive';
import { isClean, type RedriveReport } from '@tweet-pipes/cli/recovery/redrive-report';
import { quarantineKey as keyOf } from '@tweet-pipes/cli/verification/expectation';
import type { Stores } from '@tweet-pipes/cli/verification/stores';
import { systemClock } from '@tweet-pipes/kit/clock';
import { eventIdOf } from '@tweet-pipes/kit/position';
import { systemRandom } from '@tweet-pipes/kit/random';
import { type App, type Position, startApp } from './app.ts';
import { type Place, poisons } from './poison.ts';

const largeTweets = 200;

let app: App;
let stores: Stores;
let deadLetters: Map<Position, string>;
/** Where each poison is in the stream, by its name. */
const positions = new Map<string, Position>();

const encode = (record: object): Uint8Array => Buffer.from(JSON.stringify(record));
const good = (id: string, ...hashtags: string[]) => ({
  Data: encode({ id_str: id, text: `good ${id}`, entities: { hashtags: hashtags.map((text) => ({ text })) } }),
});

// One shard, so that whatever holds it up holds up everything; each poison between two good neighbours of the same
// call.
beforeAll(async () => {
  app = await startApp({ shards: 1, maximumRetryAttempts: 1 });
  for (const [n, { name, record }] of poisons.entries()) {
    const [, position] = await app.put([
      good(`before ${n}`, 'neighbour', `n${n}`),
      { Data: record },
      good(`after ${n}`, 'neighbour', `n${n}`),
    ]);
    positions.set(name, position ?? '');
  }
  await app.put(
    Array.from({ length: largeTweets }, (_, n) => ({
      Data: encode({ id_str: `large ${n}`, entities: { hashtags: [{ text: 'large' }] }, filler: 'x'.repeat(30_000) }),
    })),
  );
  await app.settled();
  stores = await app.stores();
  deadLetters = await app.deadLetters();
}, 240_000);
afterAll(() => app?.stop());

function dataOf(as: Extract<Place, { in: 'quarantine' }>['data'], record: Buffer): unknown {
  if (as === 'base64') return record.toString('base64');
  return as === 'json' ? JSON.parse(record.toString('utf8')) : as.value;
}

const quarantineKey = (name: string) => keyOf(positions.get(name) ?? '');

describe('a bad record ends in its place:', () => {
  it.each(poisons.map((poison) => [poison.name, poison] as const))('%s', (name, { record, place }) => {
    const position = positions.get(name) ?? '';
    const found = {
      tweets: [...stores.tweets.values()].filter((tweet) => tweet.record === position).map(({ id }) => id),
      deletions: [...stores.deletions.values()].filter((deletion) => deletion.record === position).map(({ id }) => id),
      quarantine: stores.quarantine.get(quarantineKey(name)),
      deadLetter: deadLetters.get(position),
    };
    const nowhere = { tweets: [], deletions: [], quarantine: undefined, deadLetter: undefined };
    switch (place.in) {
      case 'tweets':
        expect(found).toEqual({ ...nowhere, tweets: [place.id] });
        expect(stores.tweets.get(place.id)).toEqual({
          id: place.id,
          hashtags: place.hashtags,
          record: position,
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
            event_id: eventIdOf(position),
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

/** The poisons that end in one place. */
const placed = <Where extends Place['in']>(where: Where) =>
  poisons.flatMap(({ name, place }) =>
    place.in === where ? [{ name, place: place as Extract<Place, { in: Where }> }] : [],
  );

/** How often each hashtag is counted when these odd tweets are in. */
function expectedCounts(odd: readonly { hashtags: string[] }[]): Record<string, number> {
  const counts = new Map([
    ['neighbour', 2 * poisons.length],
    ['large', largeTweets],
  ]);
  for (const n of poisons.keys()) counts.set(`n${n}`, 2);
  for (const { hashtags } of odd) for (const hashtag of hashtags) counts.set(hashtag, (counts.get(hashtag) ?? 0) + 1);
  return Object.fromEntries(counts);
}

const countsIn = ({ hashtags }: Stores) =>
  Object.fromEntries([...hashtags].map(([hashtag, { htCount }]) => [hashtag, htCount]));

describe('whatever came between', () => {
  it('counts are exact', () => {
    expect(countsIn(stores)).toEqual(expectedCounts(placed('tweets').map(({ place }) => place)));
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

describe('after redrive', () => {
  let after: Stores;
  let report: RedriveReport;
  beforeAll(async () => {
    report = await redrive(
      {
        clients: app.clients,
        // So late that no execution can still be at work, which redrive would wait for.
        clock: { ...systemClock, now: () => systemClock.now() + 600_000 },
        random: systemRandom,
        signal: new AbortController().signal,
        note: () => {},
      },
      { core: app.outputs, others: [] },
      {
        ...{ stop: true, dryRun: false, dismissExpired: false, onProgress: () => {} },
        reading: { hiddenSeconds: 600, waitSeconds: 0 },
      },
    );
    after = await app.stores();
  });

  it.each(placed('dead-letters').map(({ name, place }) => [name, place.redriven] as const))('%s', (name, redriven) => {
    const quarantined = after.quarantine.get(quarantineKey(name));
    if ('reason' in redriven) {
      expect(String(quarantined?.reason).replace(/\d+ (characters|bytes),/, 'N $1,')).toBe(redriven.reason);
      expect(quarantined).toMatchObject({ event_id: eventIdOf(positions.get(name) ?? ''), data: expect.anything() });
    } else {
      expect(quarantined).toBeUndefined();
      expect(after.tweets.get(redriven.id)).toMatchObject({
        ...redriven,
        record: expect.stringContaining(positions.get(name) ?? ''),
      });
    }
  });

  it('everything is settled, and counts are exact', async () => {
    expect(isClean(report)).toBe(true);
    expect(await app.deadLetters()).toEqual(new Map());
    const redriven = placed('dead-letters').flatMap(({ place }) => ('id' in place.redriven ? [place.redriven] : []));
    expect(countsIn(after)).toEqual(expectedCounts([...placed('tweets').map(({ place }) => place), ...redriven]));
    expect(after.tweets.size).toBe(stores.tweets.size + redriven.length);
  });
});
