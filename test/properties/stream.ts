import type { Json } from '@tweet-pipes/kit/json';
import { eventIdOf, formatPosition } from '@tweet-pipes/kit/position';
import fc from 'fast-check';
import { type DeliveredRecord, notice, tweet } from '../statemachines/ingest-fixture.ts';

/**
 * Shard 2 is the child of shard 0 after a resharding: its records come after all of shard 0's, and have the same ids.
 */
export type Shard = 0 | 1 | 2;

/**
 * One record of a stream, short enough to read in a counterexample. `tweet` and `notice` are the tweet's id; shards 0
 * and 1 share no ids, because the id is the partition key.
 */
export type StreamRecord =
  | { shard: Shard; tweet: string; tags: string[]; as: 'v1' | 'v2' | 'extended' | 'retweet' | 'edit' }
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

/** Shard numbers whose high-water marks have names of two and of three characters. */
const shardNumbers = [0, 36, 37] as const;

const shard = fc.constantFrom<Shard>(0, 0, 0, 1);
const id = fc.constantFrom('x', 'x', 'y', 'z');
const tags: fc.Arbitrary<string[]> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(fc.constantFrom<string[]>('a', 'b', 'B', '\u00e9', 'E\u0301', '__proto__'), { maxLength: 3 }),
  },
  { weight: 1, arbitrary: fc.constant<string[]>(['a', ...Array.from({ length: 11 }, (_, n) => `t${n}`)]) },
);
const shape = fc.constantFrom('v1' as const, 'v2' as const, 'extended' as const, 'retweet' as const, 'edit' as const);

/**
 * Up to `maxLength` records of few ids and tags, so that duplicates, notices and shared tags are common. In a third of
 * the streams shard 0 ends somewhere and shard 2 goes on.
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

/** The id that a record's tweet has in the stores: only a shard and its child share ids. */
export function tweetId(shard: Shard, id: string): string {
  return `${shard === 2 ? 0 : shard}${id}`;
}

/** The record at this index of its stream, as the pipe hands it on. */
export function asDelivered(record: StreamRecord, index: number): DeliveredRecord {
  return {
    eventID: eventIdOf(positionOf(record, index)),
    arrivedAt: 1_767_225_600 + index,
    tweet: payload(record),
  };
}

/**
 * The position of the record at this index of its stream. From the fifth record on the sequence number has a digit
 * more and a lower first digit: as plain texts the numbers would sort differently.
 */
export function positionOf(record: StreamRecord, index: number): string {
  const sequence = index < 4 ? `4966${String(index).padStart(52, '0')}` : `1${String(index).padStart(56, '0')}`;
  return formatPosition(`shardId-${String(shardNumbers[record.shard]).padStart(12, '0')}`, sequence);
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
    case 'edit':
      return { ...plain, id_str: `${id}-edited`, edit_history_tweet_ids: [id, `${id}-edited`] };
    case 'retweet':
      return { ...plain, entities: decoy, retweeted_status: tweet('original', ...record.tags) };
  }
}
