import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import type { Field } from './fields-by-name.ts';
import type { JudgedTweet } from './judge.ts';

const labels: readonly (readonly [Field, string, RegExp])[] = [
  ['id', 'id', /^(?:data\.)?id(?:_str)?$/],
  ['text', 'text', /^(?:data\.)?(?:(?:extended_tweet|note_tweet)\.)?(?:full_)?text$/],
  ['createdAt', 'created at', /^(?:data\.)?created_at$/],
  ['lang', 'language', /^(?:data\.)?lang$/],
  ['userId', 'user id', /^(?:data\.)?(?:user\.id_str|author_id)$/],
  ['userName', 'user name', /^(?:(?:data\.)?user\.screen_name|includes\.users\.0\.username)$/],
  ['hashtags', 'hashtags', /\bentities\.hashtags$/],
];
const longestValue = 60;

/**
 * How each field of a tweet was found, one a line.
 * @param place what the names are of: `member` or `column`.
 */
export function explainTweet({ record, compact, fields }: JudgedTweet, place: 'member' | 'column'): string[] {
  const found = membersOf(compact());
  return labels.map(([field, label, path]) => {
    const [at, value] = [...found].find(([name]) => path.test(name)) ?? [];
    if (at === undefined || value === undefined) return `  ${label}: none`;
    const isInText = field === 'hashtags' && (fields === undefined ? !membersOf(record).has(at) : !fields.has(field));
    const isVersion = field === 'id' && fields === undefined && membersOf(record).get(at) !== value;
    if (isVersion) return `  ${label}: ${shortened(shown(value))} (the first version, of edit_history_tweet_ids)`;
    const from = isInText ? 'found in the text' : `${place} ${fields?.get(field) ?? at}`;
    return `  ${label}: ${shortened(shown(value))} (${from})`;
  });
}

/** The members of an object by their paths, lists of hashtags as they are. */
function membersOf(value: Json, path = ''): Map<string, Json> {
  const isList = Array.isArray(value) && /\bhashtags$/.test(path);
  if (isList || typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [...membersOf(member, path === '' ? name : `${path}.${name}`)],
    ),
  );
}

function shown(value: Json): string {
  if (!Array.isArray(value)) return String(value);
  const words = value.map((item) => (isJsonObject(item) ? (item.text ?? item.tag) : item));
  return words.length === 0 ? 'none' : words.map((word) => `#${String(word)}`).join(' ');
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > longestValue ? `${line.slice(0, longestValue)}…` : line;
}
