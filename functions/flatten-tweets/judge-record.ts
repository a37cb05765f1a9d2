import { foldHashtag } from '@tweet-pipes/kit/hashtag';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { hasAtMost, recordBounds } from '@tweet-pipes/kit/record-bounds';
import { type RecordContent, readRecord, type TweetFields } from './record-content.ts';

/** A record that the lake keeps. */
export type LakeRecord = JudgedTweet | { kind: 'delete'; id: string };

/** A tweet. Texts are as long as in the table `tweets` at most. */
export interface JudgedTweet {
  kind: 'tweet';
  id: string;
  /** Only those that the tweet has. */
  fields: Readonly<Partial<Record<keyof TweetFields, string>>>;
  /** Folded (docs/adr/0040), each once, in the order of their first occurrence. */
  hashtags: readonly string[];
  /** Id of the retweeted tweet; undefined if this is no retweet. */
  retweetOf: string | undefined;
}

/** Why a record cannot be used: a reason of docs/records.md, "Quarantine". Names fields and shows no values. */
export interface Unusable {
  kind: 'unusable';
  reason: string;
}

const mostTextLength = 25_000;
const mostFieldLength = 256;

/** The magic number of an aggregated record of the Kinesis Producer Library, F3 89 9A C2, at the begin of base64. */
const packed = /^84maw[g-v]/;

/**
 * Judges a record as the workflow does in its state CheckRecords, so that the lake holds a tweet exactly if the table
 * does.
 * @param value the record's JSON value, or its bytes in base64 if it is not JSON.
 */
export function judgeRecord(value: Json): LakeRecord | Unusable {
  if (!isJsonObject(value)) {
    const isPacked = typeof value === 'string' && packed.test(value);
    return unusable(isPacked ? 'kpl-aggregated' : 'not-an-object');
  }
  const content = readRecord(value);
  const { kind, id, fields, retweetOf } = content;
  if (!isId(id)) return unusable('no-id');
  const listed = isJsonObject(content.entities) ? (content.entities.hashtags ?? undefined) : undefined;
  const words = wordsOf(listed);
  if (words === undefined) return unusable('too-many-hashtags');
  const wrong = wrongTypes(content, listed, words);
  if (wrong.length > 0) return unusable(`wrong-type: ${wrong.join(', ')}`);
  const texts = textsOf(fields);
  const halved = halvedTexts(id, texts, words);
  if (halved.length > 0) return unusable(`lone-surrogate: ${halved.join(', ')}`);
  if (words.includes('')) return unusable('hashtag-empty');
  if (words.some((word) => !hasAtMost(word, recordBounds.hashtagLength))) return unusable('hashtag-too-long');
  const lowered = new Set(words.map((word) => word.toLowerCase()));
  if (lowered.size > recordBounds.hashtags) return unusable('too-many-hashtags');
  if (kind === 'delete') return { kind, id };
  return {
    kind,
    id,
    fields: Object.fromEntries(
      texts.map(([name, text]) => [name, capped(text, name === 'text' ? mostTextLength : mostFieldLength)]),
    ),
    hashtags: [...new Set([...lowered].map(foldHashtag))],
    retweetOf: isId(retweetOf) && retweetOf.isWellFormed() ? retweetOf : undefined,
  };
}

function unusable(reason: string): Unusable {
  return { kind: 'unusable', reason };
}

function isId(id: Json | undefined): id is string {
  return typeof id === 'string' && id !== '' && hasAtMost(id, recordBounds.idLength);
}

/** Those of the listed hashtags that are texts; undefined if the list is too long to be read. */
function wordsOf(listed: Json | undefined): string[] | undefined {
  if (!Array.isArray(listed)) return [];
  if (listed.length > recordBounds.listedHashtags) return undefined;
  return listed.flatMap((entry) => {
    if (!isJsonObject(entry)) return [];
    const word = typeof entry.text === 'string' ? entry.text : entry.tag;
    return typeof word === 'string' ? [word] : [];
  });
}

function wrongTypes({ fields, source, entities }: RecordContent, listed: Json | undefined, words: string[]): string[] {
  const isListed = listed === undefined || (Array.isArray(listed) && listed.length === words.length);
  return [
    ...Object.entries(fields).flatMap(([name, value]) =>
      value === undefined || typeof value === 'string' ? [] : [name],
    ),
    ...(isJsonObject(source) ? [] : ['retweeted_status']),
    ...(entities === undefined || isJsonObject(entities) ? [] : ['entities']),
    ...(isListed ? [] : ['hashtags']),
  ];
}

function textsOf(fields: TweetFields): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
}

/** What holds half of a surrogate pair. UTF-8 cannot encode it. */
function halvedTexts(id: string, texts: readonly [string, string][], words: readonly string[]): string[] {
  const halved = [['id', id] as const, ...texts].filter(([, text]) => !text.isWellFormed()).map(([name]) => name);
  return words.every((word) => word.isWellFormed()) ? halved : [...halved, 'hashtags'];
}

function capped(text: string, most: number): string {
  return hasAtMost(text, most) ? text : [...text].slice(0, most).join('');
}
