import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { compactionOf, refusalOf } from '../../compact/compact-record.ts';
import { tweetIdOf } from '../../tweet-id.ts';
import { digitsOf, mayBeRounded } from './exact-json.ts';
import { type Field, fieldsByName } from './fields-by-name.ts';
import { hashtagsOfCell } from './hashtag-cell.ts';
import { isId } from './ids.ts';
import { firstVersionInCell, firstVersionOf } from './versions.ts';

/** What an object turns out to be. */
export type Finding =
  | {
      kind: 'tweet';
      id: string;
      /** The tweet in a shape of X's API. */
      record: JsonObject;
      /** Makes the same with only what the pipeline uses. */
      compact: () => JsonObject;
      /** The record is the object, unchanged. */
      isAsItCame: boolean;
      /** By which names the fields were found, where the shape is none of X's API. */
      fields?: ReadonlyMap<Field, string>;
    }
  | { kind: 'none'; reason: string }
  /** Its id may be rounded: parse it with {@link ./exact-json.ts parseExact}. */
  | { kind: 'inexact' };

/** Recognises a tweet in a shape of X's API, or by the names that other tools give its fields. */
export function tweetOf(value: JsonObject): Finding {
  const body = isJsonObject(value.data) ? value.data : value;
  if (!hasContent(body) || hasOtherId(body)) return tweetByNames(namedMembers(body), body);
  const id = isId(body.id_str) ? body.id_str : typeof body.id_str === 'string' ? body.id_str : body.id;
  if (isId(id)) return accepted(withReferences(withVersions(value, body), body), value);
  const digits = digitsOf(id);
  if (digits === undefined || digits === '0') return withoutId(id);
  const complete = withVersions({ ...body, id_str: digits, ...userWithId(body.user) });
  if ([id, isJsonObject(body.user) ? body.user.id : undefined].some(mayBeRounded)) return { kind: 'inexact' };
  return accepted(withReferences(body === value ? complete : { ...value, data: complete }, complete), value);
}

/** A row of a table as a tweet. */
export function tweetOfRow(cells: ReadonlyMap<string, string>): Finding {
  if ([...cells].every(([column, cell]) => column === cell)) return { kind: 'none', reason: 'the header again' };
  const [first = ''] = cells.values();
  if (/^\s*[[{]/.test(first)) return { kind: 'none', reason: 'JSON within a table' };
  const { id, userId } = Object.fromEntries(fieldsByName(cells.keys()));
  const plain = new Map(cells);
  for (const column of [id, userId]) {
    if (column !== undefined) plain.set(column, plainId(cells.get(column) ?? ''));
  }
  return tweetByNames(plain);
}

/** The id in a cell: rtweet writes an x before it, and spreadsheets an apostrophe, to keep it text. Empty if none. */
function plainId(cell: string): string {
  const text = cell.trim();
  if (/^(?:nan|none|null|n\/?a|<na>|nil|undefined|0+)$/i.test(text)) return '';
  return /^[x'](\d+)$/.exec(text)?.[1] ?? text;
}

function accepted(record: JsonObject, original: JsonObject): Finding {
  const compact = compactionOf(record);
  const id = tweetIdOf(isJsonObject(record.data) ? record.data : record);
  if (!isId(id)) return withoutId(id);
  if (compact === undefined) return { kind: 'none', reason: refusalOf(record) ?? 'a field of a wrong type' };
  return { kind: 'tweet', id, record, compact, isAsItCame: record === original };
}

/** Where the API has a text or hashtags. An object with an id alone is a user, or something else. */
function hasContent(body: JsonObject): boolean {
  const { text, full_text, extended_tweet, note_tweet, retweeted_status, entities } = body;
  return (
    typeof text === 'string' ||
    typeof full_text === 'string' ||
    isJsonObject(retweeted_status) ||
    (isJsonObject(extended_tweet) && typeof extended_tweet.full_text === 'string') ||
    (isJsonObject(note_tweet) && typeof note_tweet.text === 'string') ||
    (isJsonObject(entities) && Array.isArray(entities.hashtags))
  );
}

/** A tool that names the id of the tweet so uses `id` for something else. The API has none of these names. */
function hasOtherId({ id_str, tweet_id, tweet_id_str, status_id }: JsonObject): boolean {
  return id_str == null && (tweet_id ?? tweet_id_str ?? status_id) != null;
}

/** A tweet in the only shape of versions that the workflow knows. */
function withVersions(value: JsonObject, body = value): JsonObject {
  const first = body.edit_history_tweet_ids === undefined ? firstVersionOf(body) : undefined;
  if (first === undefined || first === tweetIdOf(body)) return value;
  const versions = { edit_history_tweet_ids: [first] };
  return body === value ? { ...value, ...versions } : { ...value, data: { ...body, ...versions } };
}

/** twarc2 and others put author and referenced tweets into the tweet. The API has them beside it. */
function withReferences(value: JsonObject, body: JsonObject): JsonObject {
  if (value.includes != null) return value;
  const { author, author_id, referenced_tweets } = body;
  const users =
    isJsonObject(author) && typeof author.username === 'string' ? [{ ...author, id: author.id ?? author_id }] : [];
  const tweets = Array.isArray(referenced_tweets)
    ? referenced_tweets.filter((tweet) => isJsonObject(tweet) && hasContent(tweet))
    : [];
  if (users.length === 0 && tweets.length === 0) return value;
  return { ...value, includes: { ...(users.length > 0 ? { users } : {}), ...(tweets.length > 0 ? { tweets } : {}) } };
}

function userWithId(user: Json | undefined): JsonObject {
  if (!isJsonObject(user) || typeof user.id_str === 'string') return {};
  const id = digitsOf(user.id);
  return id === undefined ? {} : { user: { ...user, id_str: id } };
}

function withoutId(id: unknown): Finding {
  if (mayBeRounded(id)) return { kind: 'inexact' };
  if (id === 0) return { kind: 'none', reason: 'an id of 0' };
  if (typeof id === 'string' && !id.isWellFormed()) return { kind: 'none', reason: 'lone-surrogate' };
  if (typeof id === 'string' && id.length > 64) return { kind: 'none', reason: 'an id of more than 64 characters' };
  return { kind: 'none', reason: typeof id === 'number' || JSON.isRawJSON(id) ? 'an id that is rounded' : 'no id' };
}

function tweetByNames(cells: ReadonlyMap<string, unknown>, body?: JsonObject): Finding {
  const fields = fieldsByName(cells.keys());
  const cell = (field: Field) => cellOf(cells, fields.get(field));
  const text = cell('text');
  if (typeof text !== 'string')
    return { kind: 'none', reason: body === undefined ? 'no text' : reasonWithoutText(body) };
  if ([cell('id'), cell('userId')].some(mayBeRounded)) return { kind: 'inexact' };
  const id = idOfCell(cell('id'));
  if (id === undefined)
    return isRounded(cell('id')) ? { kind: 'none', reason: 'an id that is rounded' } : withoutId(cell('id'));
  const hashtags = hashtagsOfCell(cell('hashtags'));
  const user = present({ id_str: textOfCell(cell('userId')), screen_name: textOfCell(cell('userName')) });
  const first = firstVersionInCell(cells.get('edit_history_tweet_ids'));
  const record = {
    id_str: id,
    ...(first === undefined || first === id ? {} : { edit_history_tweet_ids: [first] }),
    ...present({ created_at: textOfCell(cell('createdAt')), lang: textOfCell(cell('lang')) }),
    ...(Object.keys(user).length === 0 ? {} : { user }),
    text,
    ...(hashtags === undefined ? {} : { entities: { hashtags: hashtags.map((word) => ({ text: word })) } }),
    ...retweeted(cells.get('retweetedTweet')),
  };
  const finding = accepted(record, {});
  return finding.kind === 'tweet' ? { ...finding, fields } : finding;
}

/** A column without a name is none of a field. */
function cellOf(cells: ReadonlyMap<string, unknown>, name: string | undefined): unknown {
  return name === undefined ? undefined : cells.get(name);
}

/** snscrape's retweets hold the original. */
function retweeted(original: unknown): JsonObject {
  if (!isJsonObject(original)) return {};
  const cells = namedMembers(original);
  const fields = fieldsByName(cells.keys());
  const [text, list] = [cellOf(cells, fields.get('text')), cellOf(cells, fields.get('hashtags'))];
  const hashtags = hashtagsOfCell(list);
  return {
    retweeted_status: {
      ...(typeof text === 'string' ? { text } : {}),
      ...(hashtags === undefined ? {} : { entities: { hashtags: hashtags.map((word) => ({ text: word })) } }),
    },
  };
}

/** Members, and members of objects in them, by their names joined by a dot. */
function namedMembers(body: JsonObject): Map<string, unknown> {
  const cells = new Map<string, unknown>();
  for (const [name, member] of Object.entries(body)) {
    cells.set(name, member);
    if (!isJsonObject(member) || JSON.isRawJSON(member)) continue;
    for (const [inner, value] of Object.entries(member)) cells.set(`${name}.${inner}`, value);
  }
  return cells;
}

function idOfCell(cell: unknown): string | undefined {
  if (typeof cell !== 'string') return cell === 0 ? undefined : digitsOf(cell);
  const text = cell.trim();
  // Tables of numbers add a fraction to ids.
  const whole = /^(\d{1,15})\.0$/.exec(text)?.[1] ?? text;
  return isId(whole) && /^\S+$/.test(whole) && !isRounded(whole) ? whole : undefined;
}

function isRounded(cell: unknown): boolean {
  return typeof cell === 'string' && /^\d+(?:\.\d+)?(?:[eE]\+?\d+)?$/.test(cell.trim()) && !/^\d+$/.test(cell.trim());
}

function textOfCell(cell: unknown): string | undefined {
  if (typeof cell === 'string') return cell === '' ? undefined : cell;
  return digitsOf(cell);
}

function present(members: Record<string, string | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function reasonWithoutText(body: JsonObject): string {
  if (typeof body.screen_name === 'string' || typeof body.username === 'string') return 'a user, not a tweet';
  return body.id !== undefined || body.id_str !== undefined ? 'no text' : 'an object that is no tweet';
}
