import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Draft, Person, Tag } from './draft.ts';
import type { TweetItem } from './meaning.ts';

/** A tweet as the API sends it, and the item that must be stored. */
export interface Shaped {
  record: JsonObject;
  item: TweetItem;
}

/** Input of a shape: the tweet, another one for retweets and quotes, and hashtags that must not be counted. */
export interface Material {
  draft: Draft;
  other: Draft;
  decoys: readonly Tag[];
}

/** Every shape of a tweet, by name. docs/records.md, "Hashtags of a tweet", says which hashtags count. */
export const shapes: Readonly<Record<string, (material: Material) => Shaped>> = {
  'v1.1': ({ draft }) => ({
    record: v1(draft, { text: draft.text }, draft.tags),
    item: v1Item(draft, draft.text, draft.tags),
  }),

  'v1.1 full text': ({ draft }) => ({
    record: v1(draft, { full_text: draft.text, truncated: false }, draft.tags),
    item: v1Item(draft, draft.text, draft.tags),
  }),

  'v1.1 extended': ({ draft, decoys }) => ({
    record: v1(draft, extended(draft), decoys),
    item: v1Item(draft, draft.text, draft.tags),
  }),

  'v1.1 without entities': ({ draft }) => ({
    record: { ...v1(draft, { text: draft.text }, []), entities: null },
    item: v1Item(draft, draft.text, []),
  }),

  'v1.1 retweet': ({ draft, other, decoys }) => ({
    record: {
      ...v1(draft, { text: retweetText(other) }, decoys),
      retweeted_status: v1(other, { text: other.text }, other.tags),
    },
    item: v1Item(draft, retweetText(other), other.tags),
  }),

  'v1.1 retweet of extended': ({ draft, other, decoys }) => ({
    record: {
      ...v1(draft, { text: retweetText(other) }, decoys),
      retweeted_status: v1(other, extended(other), decoys),
    },
    item: v1Item(draft, retweetText(other), other.tags),
  }),

  'v1.1 quote': ({ draft, other, decoys }) => ({
    record: {
      ...v1(draft, { text: draft.text }, draft.tags),
      is_quote_status: true,
      quoted_status: v1(other, { text: other.text }, decoys),
    },
    item: v1Item(draft, draft.text, draft.tags),
  }),

  v2: ({ draft }) => ({
    record: { data: v2(draft, draft.tags), includes: { users: [v2User(draft.author)] }, matching_rules: matchingRules },
    item: v2Item(draft, draft.text, draft.tags, draft.author.name),
  }),

  'v2 without includes': ({ draft }) => ({
    record: { data: v2(draft, draft.tags) },
    item: v2Item(draft, draft.text, draft.tags),
  }),

  'v2 without wrapper': ({ draft }) => ({ record: v2(draft, draft.tags), item: v2Item(draft, draft.text, draft.tags) }),

  'v2 note': ({ draft, decoys }) => ({
    record: {
      data: { ...v2(draft, decoys), text: shortened(draft.text), note_tweet: note(draft) },
      matching_rules: matchingRules,
    },
    item: v2Item(draft, draft.text, draft.tags),
  }),

  'v2 retweet': ({ draft, other, decoys }) => ({
    record: {
      data: {
        ...v2(draft, decoys),
        text: retweetText(other),
        referenced_tweets: [{ type: 'retweeted', id: other.id }],
      },
      includes: { users: [v2User(other.author), v2User(draft.author)], tweets: [v2(other, other.tags)] },
    },
    item: v2Item(draft, retweetText(other), other.tags, draft.author.name),
  }),

  'v2 retweet of note': ({ draft, other, decoys }) => ({
    record: {
      data: {
        ...v2(draft, decoys),
        text: retweetText(other),
        referenced_tweets: [{ type: 'retweeted', id: other.id }],
      },
      includes: { tweets: [{ ...v2(other, decoys), text: shortened(other.text), note_tweet: note(other) }] },
    },
    item: v2Item(draft, retweetText(other), other.tags),
  }),

  'v2 retweet whose original is not included': ({ draft, other }) => ({
    record: {
      data: { ...v2(draft, draft.tags), referenced_tweets: [{ type: 'retweeted', id: other.id }] },
      includes: {},
    },
    item: v2Item(draft, draft.text, draft.tags),
  }),

  'v2 quote': ({ draft, other, decoys }) => ({
    record: {
      data: { ...v2(draft, draft.tags), referenced_tweets: [{ type: 'quoted', id: other.id }] },
      includes: { users: [v2User(draft.author)], tweets: [v2(other, decoys)] },
    },
    item: v2Item(draft, draft.text, draft.tags, draft.author.name),
  }),
};

/** A delete notice of the v1.1 stream. Only the string id counts: JSON parsers round the numeric one. */
export function deleteNotice(id: string, author: Person, atMs: number): JsonObject {
  return {
    delete: {
      status: { id: Number(id), id_str: id, user_id: Number(author.id), user_id_str: author.id },
      timestamp_ms: String(atMs),
    },
  };
}

const matchingRules = [{ id: '1700000000000000001', tag: 'sample' }];

function v1(draft: Draft, text: JsonObject, tags: readonly Tag[]): JsonObject {
  return {
    created_at: v1Date(draft.atMs),
    id: Number(draft.id),
    id_str: draft.id,
    ...text,
    user: { id: Number(draft.author.id), id_str: draft.author.id, screen_name: draft.author.name },
    entities: { hashtags: v1Hashtags(tags), urls: [], user_mentions: [], symbols: [] },
    lang: draft.language.code,
  };
}

function extended(draft: Draft): JsonObject {
  return {
    text: shortened(draft.text),
    truncated: true,
    extended_tweet: {
      full_text: draft.text,
      display_text_range: [0, draft.text.length],
      entities: { hashtags: v1Hashtags(draft.tags), urls: [] },
    },
  };
}

function v2(draft: Draft, tags: readonly Tag[]): JsonObject {
  return {
    id: draft.id,
    edit_history_tweet_ids: [draft.id],
    text: draft.text,
    author_id: draft.author.id,
    created_at: new Date(draft.atMs).toISOString(),
    lang: draft.language.code,
    ...(tags.length === 0 ? {} : { entities: { hashtags: v2Hashtags(tags) } }),
  };
}

function note(draft: Draft): JsonObject {
  return { text: draft.text, entities: { hashtags: v2Hashtags(draft.tags) } };
}

function v2User(person: Person): JsonObject {
  return { id: person.id, username: person.name, name: person.name };
}

function v1Hashtags(tags: readonly Tag[]): JsonObject[] {
  return tags.map(({ spelling, start }) => ({ text: spelling, indices: [start, start + spelling.length + 1] }));
}

function v2Hashtags(tags: readonly Tag[]): JsonObject[] {
  return tags.map(({ spelling, start }) => ({ start, end: start + spelling.length + 1, tag: spelling }));
}

function v1Item(draft: Draft, text: string, tags: readonly Tag[]): TweetItem {
  return { ...v2Item(draft, text, tags, draft.author.name), createdAt: v1Date(draft.atMs) };
}

function v2Item(draft: Draft, text: string, tags: readonly Tag[], userName?: string): TweetItem {
  return {
    text,
    createdAt: new Date(draft.atMs).toISOString(),
    lang: draft.language.code,
    userId: draft.author.id,
    ...(userName === undefined ? {} : { userName }),
    hashtags: [...new Set(tags.map((tag) => tag.folded))],
  };
}

/** `Wed Oct 10 20:19:24 +0000 2018`, as v1.1 writes it. */
function v1Date(atMs: number): string {
  const [weekday, day, month, year, time] = new Date(atMs).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} +0000 ${year}`;
}

/** Cut between code points, as a truncated tweet is. */
function shortened(text: string): string {
  return `${[...text].slice(0, 40).join('')}…`;
}

function retweetText(original: Draft): string {
  return `RT @${original.author.name}: ${shortened(original.text)}`;
}
