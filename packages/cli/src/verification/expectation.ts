import { isDeepStrictEqual } from 'node:util';
import { eventIdOf, positionOfEvent, precedes, sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import type { Meaning } from '@tweet-pipes/producer/sample/meaning';
import { archiveKey, type Item, type SentRecord, type Stores } from './stores.ts';

/**
 * What the stores must hold once `sent` is processed, given what they held before. New items lack the attributes that
 * the sample cannot know (expiry, times, high-water marks); {@link ./compare.ts} checks their form. `sent` must be in
 * the order of the stream within each id; the order between ids does not matter.
 */
export function expectStores(before: Stores, sent: readonly SentRecord[]): Stores {
  const stores: Stores = {
    tweets: new Map(before.tweets),
    hashtags: new Map(before.hashtags),
    deletions: new Map(before.deletions),
    archive: new Map(before.archive),
    quarantine: new Map(before.quarantine),
  };
  for (const { record, position } of sent) {
    const { meaning } = record;
    switch (meaning.kind) {
      case 'rejected':
        stores.quarantine.set(quarantineKey(position), {
          reason: meaning.reason,
          event_id: eventIdOf(position),
          data: asThePipeHandsOver(record.data),
        });
        break;
      case 'tweet':
        expectTweet(stores, meaning, position);
        break;
      case 'deletion':
        expectDeletion(stores, meaning.id, position);
    }
  }
  return stores;
}

/** `quarantine/<shardId>/<sequence>.json` */
export function quarantineKey(position: string): string {
  return `quarantine/${shardOf(position)}/${sequenceOf(position)}.json`;
}

/** Columns of an archived tweet, by its attributes. */
const columns = {
  text: 'text',
  createdAt: 'created_at',
  lang: 'lang',
  userId: 'user_id',
  userName: 'user_name',
  hashtags: 'hashtags',
};

function expectTweet(stores: Stores, { id, item }: Meaning & { kind: 'tweet' }, position: string): void {
  if (stores.tweets.has(id) || stores.deletions.has(id)) return;
  stores.tweets.set(id, { id, ...item, record: position });
  for (const hashtag of item.hashtags) {
    const count = stores.hashtags.get(hashtag)?.htCount ?? 0;
    stores.hashtags.set(hashtag, { hashtag, htCount: Number(count) + 1 });
  }
}

function expectDeletion(stores: Stores, id: string, position: string): void {
  const tweet = stores.tweets.get(id);
  if (!stores.deletions.has(id)) {
    stores.deletions.set(id, { id, record: position, tweetRecord: String(tweet?.record ?? '') });
  }
  if (tweet === undefined) return;
  stores.tweets.delete(id);
  const record = String(tweet.record);
  const row: Record<string, unknown> = { table: 'tweets', id, record, cause: 'user' };
  for (const [attribute, column] of Object.entries(columns))
    if (tweet[attribute] !== undefined) row[column] = tweet[attribute];
  stores.archive.set(archiveKey('tweets', id, record), row);
}

/**
 * Pipes parses a record that is JSON and leaves any other in base64.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
function asThePipeHandsOver(data: Uint8Array): unknown {
  const bytes = Buffer.from(data);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes.toString('base64');
  }
}

/**
 * For records that may be in the stream twice: replaces the position of the last copy by that of the copy which was
 * processed first. The stores name it; it is accepted if it is before the last copy in the same shard.
 */
export function settled(sent: readonly SentRecord[], found: Stores): SentRecord[] {
  const archived = new Map([...found.archive.values()].map((row) => [row.id, row.record]));
  return sent.map((one) => {
    const { meaning } = one.record;
    if (!one.maybeTwice || meaning.kind === 'rejected') return one;
    const named =
      meaning.kind === 'deletion'
        ? found.deletions.get(meaning.id)?.record
        : (found.tweets.get(meaning.id)?.record ?? archived.get(meaning.id));
    return typeof named === 'string' && precedes(named, one.position) ? { ...one, position: named } : one;
  });
}

/**
 * The earlier copies of records that cannot be used and may be in the stream twice. Such a record has no id, so each
 * copy has an object of its own in quarantine. An object is a copy if it belongs to no other record, has the record's
 * data, and is before the record in the same shard.
 */
export function rejectedCopies(sent: readonly SentRecord[], found: Stores): SentRecord[] {
  const claimed = new Set(sent.map(({ position }) => quarantineKey(position)));
  return sent
    .filter(({ maybeTwice, record }) => maybeTwice && record.meaning.kind === 'rejected')
    .flatMap((one) => {
      const data = asThePipeHandsOver(one.record.data);
      const copies = [...found.quarantine].filter(
        ([key, item]) =>
          !claimed.has(key) && isDeepStrictEqual(item.data, data) && precedes(quarantined(item), one.position),
      );
      for (const [key] of copies) claimed.add(key);
      return copies.map(([, item]) => ({ ...one, position: quarantined(item) }));
    });
}

/** The position of the record in a quarantine object; empty for one with another event id. */
function quarantined(item: Item): string {
  return positionOfEvent(String(item.event_id)) ?? '';
}
