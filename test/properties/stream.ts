import fc from 'fast-check';
import type { Json } from '../../local/json.ts';
import { type DeliveredRecord, notice, tweet } from '../statemachines/ingest-world.ts';

/** One record of a stream, in words short enough to read in a counterexample. `id` is the tweet's; a shard's ids are its own, as partition keys make them. */
export type StreamRecord =
  | { shard: 0 | 1; tweet: string; tags: string[]; as: 'v1' | 'v2' | 'extended' | 'retweet' }
  | { shard: 0 | 1; notice: string }
  | { shard: 0 | 1; bad: keyof typeof malformed };

/** Records that end in quarantine, by their reason. */
export const malformed = {
  'not-an-object': 'bm90IGpzb24=',
  'no-id': { id: 12, text: 'x' },
  'wrong-type: text': { id_str: 'bad', text: 5, entities: { hashtags: [{ text: 'a' }] } },
  'hashtag-empty': { id_str: 'bad', text: 'x', entities: { hashtags: [{ text: 'a' }, { text: '' }] } },
} satisfies Record<string, Json>;

const reasons = ['not-an-object', 'no-id', 'wrong-type: text', 'hashtag-empty'] as const;

/** Shard numbers whose watermarks have names of one and of two characters. */
const shardNumbers = [0, 36] as const;

const shard = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const id = fc.constantFrom('x', 'x', 'y', 'z');
const tags: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.constantFrom<string[]>('a', 'b', 'B', '__proto__'), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant<string[]>(['a', ...Array.from({ length: 11 }, (_, n) => `t${n}`)]) },
);
const shape = fc.constantFrom('v1' as const, 'v2' as const, 'extended' as const, 'retweet' as const);

/** Up to `maxLength` records, few ids and tags, so that duplicates, notices and tags meet. */
export function streams(maxLength: number): fc.Arbitrary<StreamRecord[]> {
  const record: fc.Arbitrary<StreamRecord> = fc.oneof(
    { weight: 7, arbitrary: fc.record({ shard, tweet: id, tags, as: shape }) },
    { weight: 3, arbitrary: fc.record({ shard, notice: id }) },
    { weight: 1, arbitrary: fc.record({ shard, bad: fc.constantFrom(...reasons) }) },
  );
  return fc.array(record, { minLength: 1, maxLength, size: 'max' });
}

/** The id that a record's tweet has in the stores: shards do not share ids. */
export function tweetId(shard: 0 | 1, id: string): string {
  return `${shard}${id}`;
}

/** The `position`-th record of its stream as the pipe hands it on. */
export function asDelivered(record: StreamRecord, position: number): DeliveredRecord {
  return {
    eventID: eventId(record, position),
    arrivedAt: 1_767_225_600 + position,
    tweet: payload(record),
  };
}

/** From the fifth record on a digit longer and with a lower first digit: the order of numbers is not the order of strings. */
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
