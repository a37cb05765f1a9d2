import { isDeepStrictEqual } from 'node:util';
import type { Meaning } from '@tweet-pipes/producer/sample/meaning';
import { archiveKey, type SentRecord, type Stores } from './stores.ts';

/**
 * What the stores must hold once `sent` is processed, given what they held before. Attributes that the sample cannot
 * know (expiry, times, watermarks) are left out of new items; {@link ./compare.ts} knows their form. Only the order
 * within each id matters, and `sent` has it.
 */
export function expectStores(before: Stores, sent: readonly SentRecord[]): Stores {
  const stores: Stores = {
    tweets: new Map(before.tweets),
    hashtags: new Map(before.hashtags),
    deletions: new Map(before.deletions),
    archive: new Map(before.archive),
    quarantine: new Map(before.quarantine),
  };
  for (const { record, eventId } of sent) {
    const { meaning } = record;
    switch (meaning.kind) {
      case 'rejected':
        stores.quarantine.set(quarantineKey(eventId), {
          reason: meaning.reason,
          event_id: eventId,
          data: asThePipeHandsOver(record.data),
        });
        break;
      case 'tweet':
        expectTweet(stores, meaning, eventId);
        break;
      case 'deletion':
        expectDeletion(stores, meaning.id, eventId);
    }
  }
  return stores;
}

/** `quarantine/<shardId>/<sequence>.json` */
export function quarantineKey(eventId: string): string {
  return `quarantine/${eventId.replace(':', '/')}.json`;
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

function expectTweet(stores: Stores, { id, item }: Meaning & { kind: 'tweet' }, eventId: string): void {
  if (stores.tweets.has(id) || stores.deletions.has(id)) return;
  stores.tweets.set(id, { id, ...item, record: eventId });
  for (const hashtag of item.hashtags) {
    const count = stores.hashtags.get(hashtag)?.htCount ?? 0;
    stores.hashtags.set(hashtag, { hashtag, htCount: Number(count) + 1 });
  }
}

function expectDeletion(stores: Stores, id: string, eventId: string): void {
  const tweet = stores.tweets.get(id);
  if (!stores.deletions.has(id)) {
    stores.deletions.set(id, { id, record: eventId, tweetRecord: String(tweet?.record ?? '') });
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
 * Puts the event id that really did the work in place of the last copy's, for records that may be in the stream twice:
 * the stores name it, and it is believed when it lies before the last copy in the same shard.
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
    return typeof named === 'string' && precedes(named, one.eventId) ? { ...one, eventId: named } : one;
  });
}

/**
 * The earlier copies of records that cannot be used and may be in the stream twice. Nothing identifies such a record,
 * so each copy is in quarantine by itself: an object is believed to be a copy when nobody else claims it, it has the
 * record's data, and lies before it in the same shard.
 */
export function rejectedCopies(sent: readonly SentRecord[], found: Stores): SentRecord[] {
  const claimed = new Set(sent.map(({ eventId }) => quarantineKey(eventId)));
  return sent
    .filter(({ maybeTwice, record }) => maybeTwice && record.meaning.kind === 'rejected')
    .flatMap((one) => {
      const data = asThePipeHandsOver(one.record.data);
      const copies = [...found.quarantine].filter(
        ([key, item]) =>
          !claimed.has(key) && isDeepStrictEqual(item.data, data) && precedes(String(item.event_id), one.eventId),
      );
      for (const [key] of copies) claimed.add(key);
      return copies.map(([, item]) => ({ ...one, eventId: String(item.event_id) }));
    });
}

/** Whether an event id is of the same shard as another and comes before it. */
export function precedes(eventId: string, other: string): boolean {
  const [shard, sequence = ''] = eventId.split(':');
  const [otherShard, otherSequence = ''] = other.split(':');
  if (shard !== otherShard || !/^\d+$/.test(sequence) || !/^\d+$/.test(otherSequence)) return false;
  return BigInt(sequence) < BigInt(otherSequence);
}
