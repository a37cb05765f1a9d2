import type { Draft, Tag } from './draft.ts';

/** A record that must end in quarantine: its bytes or its value as JSON, and the reason. */
export interface Malformed {
  content: unknown;
  reason: string;
}

/**
 * Every kind of malformed record in the sample, by name. `content` is bytes if the record is no JSON. Two kinds are
 * left out. A bare JSON string: Pipes substitutes it into its template without escaping, so the whole batch fails and
 * the record becomes a dead letter after many retries. A bare `null`: AWS does not document what the template makes of
 * it.
 */
export const malformed: Readonly<Record<string, (draft: Draft, decoys: readonly Tag[]) => Malformed>> = {
  'plain text': ({ text }) => ({ content: Buffer.from(`no JSON, only words: ${text}`), reason: 'not-an-object' }),
  'truncated JSON': ({ id }) => ({
    content: Buffer.from(`{"id_str":"${id}","text":"half a tw`),
    reason: 'not-an-object',
  }),
  'bytes that are no UTF-8': ({ id }) => ({
    content: Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from(id)]),
    reason: 'not-an-object',
  }),
  'array of tweets': (draft) => ({ content: [tweet(draft), tweet(draft)], reason: 'not-an-object' }),
  'array of one tweet': (draft) => ({ content: [tweet(draft)], reason: 'not-an-object' }),
  'empty array': () => ({ content: [], reason: 'not-an-object' }),
  number: ({ atMs }) => ({ content: atMs, reason: 'not-an-object' }),
  'empty object': () => ({ content: {}, reason: 'no-id' }),
  'limit notice': ({ atMs }) => ({ content: { limit: { track: 17, timestamp_ms: String(atMs) } }, reason: 'no-id' }),
  'numeric id only': ({ id, text }) => ({ content: { id: Number(id), text }, reason: 'no-id' }),
  'empty id': ({ text }) => ({ content: { id_str: '', text }, reason: 'no-id' }),
  'over-long id': ({ id, text }) => ({ content: { id_str: id.repeat(4), text }, reason: 'no-id' }),
  'delete notice with a numeric id only': ({ id }) => ({
    content: { delete: { status: { id: Number(id) } } },
    reason: 'no-id',
  }),
  'v2 list instead of a tweet': ({ id, text }) => ({ content: { data: [{ id, text }] }, reason: 'no-id' }),
  'text is a number': (draft) => ({ content: { ...tweet(draft), text: 42 }, reason: 'wrong-type: text' }),
  'user id and name of wrong types': (draft) => ({
    content: { ...tweet(draft), user: { id_str: 7, screen_name: ['a'] } },
    reason: 'wrong-type: userId, userName',
  }),
  'retweeted status is a string': (draft) => ({
    content: { ...tweet(draft), retweeted_status: 'yes' },
    reason: 'wrong-type: retweeted_status',
  }),
  'entities is a string': (draft) => ({
    content: { ...tweet(draft), entities: 'none' },
    reason: 'wrong-type: entities',
  }),
  'entities is a list': (draft, decoys) => ({
    content: { ...tweet(draft), entities: [{ hashtags: named(decoys) }] },
    reason: 'wrong-type: entities',
  }),
  'hashtags is a string': (draft) => ({ content: tweet(draft, 'none'), reason: 'wrong-type: hashtags' }),
  'hashtags is an object': (draft, decoys) => ({
    content: tweet(draft, named(decoys)[0]),
    reason: 'wrong-type: hashtags',
  }),
  'hashtags are plain strings': (draft, decoys) => ({
    content: tweet(
      draft,
      decoys.map((tag) => tag.spelling),
    ),
    reason: 'wrong-type: hashtags',
  }),
  'a hashtag is a number, among good ones': (draft, decoys) => ({
    content: tweet(draft, [...named(decoys), { text: 5 }]),
    reason: 'wrong-type: hashtags',
  }),
  'a hashtag without a word': (draft) => ({
    content: tweet(draft, [{ indices: [0, 1] }]),
    reason: 'wrong-type: hashtags',
  }),
  'an empty hashtag, among good ones': (draft, decoys) => ({
    content: tweet(draft, [...named(decoys), { text: '' }]),
    reason: 'hashtag-empty',
  }),
  'an over-long hashtag': (draft) => ({
    content: tweet(draft, [{ text: 'ก'.repeat(513) }]),
    reason: 'hashtag-too-long',
  }),
};

function tweet({ id, text }: Draft, hashtags: unknown = []) {
  return { id_str: id, text, entities: { hashtags } };
}

function named(tags: readonly Tag[]): { text: string }[] {
  return tags.map((tag) => ({ text: tag.spelling }));
}
