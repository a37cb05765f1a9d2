import type { Json } from '@tweet-pipes/kit/json';
import fc from 'fast-check';
import { type DeliveredRecord, notice, tweet } from '../statemachines/ingest-world.ts';

/**
 * Shard 2 is what became of shard 0 by a resharding: its records come after all of shard 0's, and have the same ids.
 */
export type Shard = 0 | 1 | 2;

/**
 * One record of a stream, in words short enough to read in a counterexample. `id` is the tweet's; shards 0 and 1 share
 * no ids, as partition keys make it.
 */
export type StreamRecord =
  | { shard: Shard; tweet: string; tags: string[]; as: 'v1' | 'v2' | 'extended' | 'retweet' }
  | { shard: Shard; notice: string }
  | { shard: Shard; bad: keyof typeof malformed };

/** Records that end in quarantine, by their reason. */
export const malformed = {
  'not-an-object': 'bm90IGpzb24=',
  'no-id': { id: 12, text: 'x' },
  'wrong-type: text': { id_str: 'bad', text: 5, entities: { hashtags: [{ text: 'a' }] } },
  'hashtag-empty': { id_str: 'bad', text: 'x', entities: { hashtags: [{ text: 'a' }, { text: '' }] } },
} satisfies Record<string, Json>;

const reasons = ['not-an-object', 'no-id', 'wrong-type: text', 'hashtag-empty'] as const;

/** Shard numbers whose watermarks have names of one and of two characters. */
const shardNumbers = [0, 36, 37] as const;

const shard = fc.constantFrom<Shard>(0, 0, 0, 1);
const id = fc.constantFrom('x', 'x', 'y', 'z');
const tags: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.constantFrom<string[]>('a', 'b', 'B', '__proto__'), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant<string[]>(['a', ...Array.from({ length: 11 }, (_, n) => `t${n}`)]) },
);
const shape = fc.constantFrom('v1' as const, 'v2' as const, 'extended' as const, 'retweet' as const);

/**
 * Up to `maxLength` records, few ids and tags, so that duplicates, notices and tags meet; in a third of the streams
 * shard 0 ends somewhere and 2 goes on.
 */
export function streams(maxLength: number): fc.Arbitrary<StreamRecord[]> {
  const record: fc.Arbitrary<StreamRecord> = fc.oneof(
    { weight: 7, arbitrary: fc.record({ shard, tweet: id, tags, as: shape }) },
    { weight: 3, arbitrary: fc.record({ shard, notice: id }) },
    { weight: 1, arbitrary: fc.record({ shard, bad: fc.constantFrom(...reasons) }) },
  );
  const records = fc.array(record, { minLength: 1, maxLength, size: 'max' });
  const resharded = fc.oneof(
    { weight: 2, arbitrary: fc.constant(maxLength) },
    { weight: 1, arbitrary: fc.nat(maxLength) },
  );
  return fc
    .tuple(records, resharded)
    .map(([records, from]) =>
      records.map((record, n) => (n >= from && record.shard === 0 ? { ...record, shard: 2 } : record)),
    );
}

/** The id that a record's tweet has in the stores: only a shard and what became of it share ids. */
export function tweetId(shard: Shard, id: string): string {
  return `${shard === 2 ? 0 : shard}${id}`;
}

/** The `position`-th record of its stream as the pipe hands it on. */
export function asDelivered(record: StreamRecord, position: number): DeliveredRecord {
  return {
    eventID: eventId(record, position),
    arrivedAt: 1_767_225_600 + position,
    tweet: payload(record),
  };
}

/**
 * From the fifth record on a digit longer and with a lower first digit: the order of numbers is not the order of
 * strings.
 */
export function eventId(record: StreamRecord, position: number): string {
  const digits = position < 4 ? `4966${String(position).padStart(52, '0')}` : `1${String(position).padStart(56, '0')}`;
  return `shardId-${String(shardNumbers[record.shard]).padStart(12, '0')}:${digits}`;
}

function payload(record: StreamRecord): Json {
  if ('bad' in record) return malformed[record.bad];
  if ('notice' in record) return notice(tweetId(record.shard, record.notice));
  const id = tweetId(record.shard, record.tweet);
  const plain = tweet(id, ...record.tags);
  const decoy = { hashtags: [{ text: 'decoy' }] };
  switch (record.as) {
    case 'v1':
      return plain;
    case 'v2':
      return { data: { id, text: 'two', entities: { hashtags: record.tags.map((tag) => ({ tag })) } } };
    case 'extended':
      return { ...plain, entities: decoy, extended_tweet: { full_text: 'long', entities: plain.entities ?? null } };
    case 'retweet':
      return { ...plain, entities: decoy, retweeted_status: tweet('original', ...record.tags) };
  }
}
