import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import type * as z from 'zod';
import type { StreamRecord } from '../record.ts';
import {
  type Body,
  bodySchema,
  type Content,
  deleteNoticeSchema,
  type Entities,
  type Id,
  type Includes,
  idOf,
  includesSchema,
} from './api-tweet.ts';
import { hashtagsOfText } from './hashtags-of-text.ts';

/**
 * The record with only what the pipeline uses, in the same shape (docs/records.md, "Compact records"): the workflow
 * extracts the same from it. A tweet without entities gets its hashtags from its text. A record that the workflow would
 * not accept is returned unchanged, so that the quarantine shows the original. Never throws.
 */
export function compactRecord<R extends StreamRecord>(record: R): R {
  const value = parse(record.data);
  const compact = isJsonObject(value) ? compactionOf(value) : undefined;
  return compact === undefined ? record : { ...record, data: Buffer.from(JSON.stringify(compact())) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(data));
  } catch {
    return undefined;
  }
}

/** Makes the compact form of a value; undefined if the workflow would not accept the value. */
export function compactionOf(value: JsonObject): (() => JsonObject) | undefined {
  if (isJsonObject(value.delete)) {
    const { data: notice } = deleteNoticeSchema.safeParse(value);
    return notice && (() => notice);
  }
  // A notice of API v2 has little that could be left out.
  if (isJsonObject(value.data) && isJsonObject(value.data.delete)) return undefined;
  const isWrapped = isJsonObject(value.data);
  const { data: body } = bodySchema.safeParse(isWrapped ? value.data : value);
  const { data: includes, success } = includesSchema.safeParse(value.includes);
  const id = body && idOf(body);
  if (body === undefined || id === undefined || !success) return undefined;
  return () => compactTweet(body, id, includes, isWrapped);
}

const refusals = ['lone-surrogate', 'hashtag-empty', 'hashtag-too-long', 'too-many-hashtags'];

/**
 * Why the workflow would not accept a tweet with an id, by the names of docs/records.md, "Quarantine". Undefined if the
 * reason is none of the ones that have to do with values: a field of a wrong type.
 */
export function refusalOf(value: JsonObject): string | undefined {
  const { error } = bodySchema.safeParse(isJsonObject(value.data) ? value.data : value);
  const { error: beside } = includesSchema.safeParse(value.includes);
  const messages = [...(error?.issues ?? []), ...(beside?.issues ?? [])].flatMap(messagesOf);
  return refusals.find((name) => messages.includes(name));
}

function messagesOf(issue: z.core.$ZodIssue): string[] {
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(messagesOf) : [issue.message];
}

function compactTweet(body: Body, id: Id, includes: Includes, isWrapped: boolean): JsonObject {
  const tweet = { ...id, ...fieldsOf(body) };
  const { inTweet, inIncludes } = hashtagsOf(body, includes, 'id_str' in id ? 'text' : 'tag');
  const beside = includesOf({ ...inIncludes, ...authorOf(body, includes) });
  return isWrapped ? { data: merged(tweet, inTweet), ...beside } : { ...merged(tweet, inTweet), ...beside };
}

/** All fields but the hashtags, each in its place; of several texts the one that the workflow reads. */
function fieldsOf({ created_at, lang, author_id, user, ...content }: Body): JsonObject {
  const [path, text] = textOf(content) ?? [];
  const author = present({ id_str: user?.id_str, screen_name: user?.screen_name });
  return {
    ...present({ created_at, lang, author_id }),
    ...(Object.keys(author).length === 0 ? {} : { user: author }),
    ...(path === undefined || text === undefined ? {} : placed(path, text)),
  };
}

type Path = readonly [string] | readonly [string, string];

function textOf(content: Content): [Path, string] | undefined {
  const { extended_tweet, note_tweet, full_text, text } = content;
  if (extended_tweet?.full_text != null) return [['extended_tweet', 'full_text'], extended_tweet.full_text];
  if (note_tweet?.text != null) return [['note_tweet', 'text'], note_tweet.text];
  if (full_text != null) return [['full_text'], full_text];
  return text == null ? undefined : [['text'], text];
}

function entitiesOf({ extended_tweet, note_tweet, entities }: Content): [Path, Entities] | undefined {
  if (extended_tweet?.entities != null) return [['extended_tweet', 'entities'], extended_tweet.entities];
  if (note_tweet?.entities != null) return [['note_tweet', 'entities'], note_tweet.entities];
  return entities == null ? undefined : [['entities'], entities];
}

/**
 * The hashtags that count, in their place, with the references that lead to them. `word` is the member name for
 * hashtags that are found in a text.
 */
function hashtagsOf(
  body: Body,
  includes: Includes,
  word: 'text' | 'tag',
): { inTweet: JsonObject; inIncludes?: JsonObject } {
  if (body.retweeted_status != null) return { inTweet: { retweeted_status: hashtagsIn(body.retweeted_status, word) } };
  const retweeted = body.referenced_tweets?.find(({ type }) => type === 'retweeted');
  const original = retweeted && includes?.tweets?.find(({ id }) => id === retweeted.id);
  if (retweeted === undefined || original === undefined) return { inTweet: hashtagsIn(body, word) };
  return {
    inTweet: { referenced_tweets: [{ type: 'retweeted', id: retweeted.id }] },
    inIncludes: { tweets: [{ id: original.id, ...hashtagsIn(original, word) }] },
  };
}

function hashtagsIn(content: Content, word: 'text' | 'tag'): JsonObject {
  const found = entitiesOf(content);
  if (found !== undefined) return placed(found[0], { hashtags: [...(found[1].hashtags ?? [])] });
  const words = hashtagsOfText(textOf(content)?.[1] ?? '');
  return words.length === 0 ? {} : { entities: { hashtags: words.map((spelling) => ({ [word]: spelling })) } };
}

/** The included user with the author's name, in v2. */
function authorOf({ author_id, user }: Body, includes: Includes): JsonObject {
  if (author_id == null || user?.screen_name != null) return {};
  const author = includes?.users?.find(({ id }) => id === author_id);
  return author?.username == null ? {} : { users: [{ id: author.id, username: author.username }] };
}

function includesOf(includes: JsonObject): JsonObject {
  return Object.keys(includes).length === 0 ? {} : { includes };
}

function placed([outer, inner]: Path, value: string | JsonObject): JsonObject {
  return { [outer]: inner === undefined ? value : { [inner]: value } };
}

/** Text and entities may be in the same object. */
function merged(fields: JsonObject, hashtags: JsonObject): JsonObject {
  const merge = (name: string) => {
    const [a, b] = [fields[name], hashtags[name]];
    return isJsonObject(a) && isJsonObject(b) ? { [name]: { ...a, ...b } } : {};
  };
  return { ...fields, ...hashtags, ...merge('extended_tweet'), ...merge('note_tweet') };
}

function present(members: Record<string, string | null | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null));
}
