import { expect, it } from '@jest/globals';
import { eventIdOf } from '@tweet-pipes/kit/position';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { compareLake } from '../../src/verification/compare-lake.ts';
import { expectStores } from '../../src/verification/expectation.ts';
import { deletedKey, type Lake } from '../../src/verification/read-lake.ts';
import { emptyStores, type Item } from '../../src/verification/stores.ts';
import { sentAt } from './processed.ts';

const sent = createSample({ records: 300 }).records.map((record, index) => sentAt(record, index));
const stores = expectStores(emptyStores(), sent);

/** The lake as it must be: a row for the first tweet of each id. */
function rightLake(): Lake {
  const lake: Lake = {
    tweets: new Map(),
    live: new Set(stores.tweets.keys()),
    deleted: new Map(),
    quarantine: new Map(),
  };
  for (const { record, position } of sent) {
    const { meaning } = record;
    if (meaning.kind === 'rejected') lake.quarantine.set(eventIdOf(position), meaning.reason);
    if (meaning.kind !== 'tweet' || lake.tweets.has(meaning.id)) continue;
    const { text, createdAt = '', lang, userId, userName, hashtags } = meaning.item;
    const createdAtMs = Date.parse(createdAt);
    const row = {
      ...{ id: meaning.id, text, lang, user_id: userId, user_name: userName, hashtags, position },
      ...(Number.isNaN(createdAtMs)
        ? {}
        : { created_at: new Date(createdAtMs).toISOString().slice(0, -1).replace('T', ' ') }),
    };
    lake.tweets.set(meaning.id, row);
  }
  for (const row of stores.archive.values()) lake.deleted.set(deletedKey(String(row.id), String(row.record)), row);
  return lake;
}

const [live = ''] = stores.tweets.keys();
const { id: removed, record } = stores.archive.values().next().value ?? {};
const removedKey = deletedKey(String(removed), String(record));
const rejected = eventIdOf(sent.find((one) => one.record.meaning.kind === 'rejected')?.position ?? '');
const alter = (items: Map<string, Item>, key: string, change: Item) => items.set(key, { ...items.get(key), ...change });

it('finds no difference in a lake that equals the stores', () => {
  expect(stores.tweets.size).toBeGreaterThan(100);
  expect(compareLake(sent, stores, rightLake())).toEqual([]);
});

it.each<[string, (lake: Lake) => unknown, string[]]>([
  ['a tweet is not live', (lake) => lake.live.delete(live), [`tweets_live ${live}: is missing`]],
  ['a deleted tweet is live', (lake) => lake.live.add(String(removed)), [`tweets_live ${removed}: must not be there`]],
  ['a tweet is missing', (lake) => lake.tweets.delete(live), [`tweets_distinct ${live}: is missing`]],
  [
    'a deleted tweet has another language',
    (lake) => alter(lake.tweets, String(removed), { lang: 'xx' }),
    [`tweets_distinct ${removed}: lang is "xx", must be`],
  ],
  [
    'a live tweet has another time',
    (lake) => alter(lake.tweets, live, { created_at: '2001-01-01 00:00:00.000' }),
    [
      `tweets_distinct ${live}: created_at is 2001-01-01 00:00:00.000, must be`,
      `tweets_live ${live}: created_at is 2001-01-01`,
    ],
  ],
  [
    'the row is of a later record of the run',
    (lake) => alter(lake.tweets, live, { position: sent.at(-1)?.position }),
    [`tweets_distinct ${live}: position is`],
  ],
  ['a removal is missing', (lake) => lake.deleted.delete(removedKey), [`deleted ${removedKey}: is missing`]],
  [
    'a removal has another text',
    (lake) => alter(lake.deleted, removedKey, { text: 'x' }),
    [`deleted ${removedKey}: text is "x"`],
  ],
  [
    'a rejected record is missing',
    (lake) => lake.quarantine.delete(rejected),
    [`quarantine ${rejected}: reason is missing, must be`],
  ],
])('finds that %s', (_, change, problems) => {
  const lake = rightLake();
  change(lake);
  const found = compareLake(sent, stores, lake).map(({ key, problem }) => `${key}: ${problem}`);
  expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem)));
});

it('accepts the copy of an earlier run, and a lake that began after it', () => {
  const before = 'shardId-000000000000:001';
  const earlier = { ...stores, tweets: new Map(stores.tweets) };
  alter(earlier.tweets, live, { record: before });
  expect(compareLake(sent, earlier, rightLake())).toEqual([]);
  const lake = rightLake();
  alter(lake.tweets, live, { position: before });
  expect(compareLake(sent, earlier, lake)).toEqual([]);
});
