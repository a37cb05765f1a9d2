import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { asItems, valueAt } from './path-value.ts';

/** What the fields of a tweet hold, unchecked; undefined where the record has none. */
export type TweetFields = Readonly<Record<'text' | 'createdAt' | 'lang' | 'userId' | 'userName', Json | undefined>>;

/** The parts of a record that the lake uses, of any type: nothing is checked yet. */
export interface RecordContent {
  kind: 'tweet' | 'delete';
  id: Json | undefined;
  /** All undefined in a delete notice. */
  fields: TweetFields;
  /** The tweet whose hashtags count: the retweeted one, else the tweet itself. */
  source: Json;
  /** What holds the list of hashtags. */
  entities: Json | undefined;
  /** Id of the tweet that this one retweets. */
  retweetOf: Json | undefined;
}

const noFields: TweetFields = {
  text: undefined,
  createdAt: undefined,
  lang: undefined,
  userId: undefined,
  userName: undefined,
};

/**
 * Reads a record as the workflow does in its state ReadRecords: the same places in the same order (docs/records.md,
 * "Input records"). A test runs both on the same records.
 */
export function readRecord(record: JsonObject): RecordContent {
  const body = isJsonObject(record.data) ? record.data : record;
  const notice = noticeIn(record);
  const retweeted = retweetedIn(record, body);
  const source = retweeted ?? body;
  return {
    kind: notice === undefined ? 'tweet' : 'delete',
    id: notice === undefined ? idOf(body) : deletedId(notice),
    fields: notice === undefined ? fieldsOf(record, body) : noFields,
    source,
    entities: firstOf(
      valueAt(source, 'extended_tweet', 'entities'),
      valueAt(source, 'note_tweet', 'entities'),
      valueAt(source, 'entities'),
    ),
    retweetOf: notice === undefined ? (idOf(retweeted) ?? referencedId(body)) : undefined,
  };
}

function noticeIn({ delete: notice, data }: JsonObject): JsonObject | undefined {
  if (isJsonObject(notice)) return notice;
  return isJsonObject(data) && isJsonObject(data.delete) ? data.delete : undefined;
}

function deletedId(notice: JsonObject): Json | undefined {
  return notice.status === undefined ? valueAt(notice, 'tweet', 'id') : valueAt(notice, 'status', 'id_str');
}

function retweetedIn({ includes }: JsonObject, body: JsonObject): Json | undefined {
  const whole = firstOf(body.retweeted_status);
  if (whole !== undefined || body.referenced_tweets === undefined) return whole;
  return withId(valueAt(includes, 'tweets'), referencedId(body));
}

function referencedId({ referenced_tweets }: JsonObject): Json | undefined {
  const reference = asItems(referenced_tweets).find((reference) => valueAt(reference, 'type') === 'retweeted');
  return valueAt(reference, 'id');
}

/** Of an edited tweet the id of its first version (docs/adr/0040). */
function idOf(tweet: Json | undefined): Json | undefined {
  const [first] = asItems(valueAt(tweet, 'edit_history_tweet_ids'));
  if (typeof first === 'string') return first;
  const text = valueAt(tweet, 'id_str');
  return typeof text === 'string' ? text : valueAt(tweet, 'id');
}

function fieldsOf({ includes }: JsonObject, body: JsonObject): TweetFields {
  const author = firstOf(body.author_id);
  return {
    text: firstOf(
      valueAt(body, 'extended_tweet', 'full_text'),
      valueAt(body, 'note_tweet', 'text'),
      body.full_text,
      body.text,
    ),
    createdAt: firstOf(body.created_at),
    lang: firstOf(body.lang),
    userId: firstOf(valueAt(body, 'user', 'id_str'), author),
    userName: firstOf(
      valueAt(body, 'user', 'screen_name'),
      valueAt(withId(valueAt(includes, 'users'), body.author_id), 'username'),
    ),
  };
}

function withId(list: Json | undefined, id: Json | undefined): Json | undefined {
  if (id === undefined) return undefined;
  return asItems(list).find((item) => valueAt(item, 'id') === id);
}

/** The first value that exists and is not null. */
function firstOf(...values: readonly (Json | undefined)[]): Json | undefined {
  return values.find((value) => value !== undefined && value !== null);
}
