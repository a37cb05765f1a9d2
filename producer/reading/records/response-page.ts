import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/**
 * The tweets of a page of API v2, as search and timelines return it and twarc2 writes it, each in an envelope as the
 * stream sends it: with the tweets it refers to and their authors. Other includes (media, polls, places), `meta` and
 * `errors` are left out. Undefined if the value is no page; a page without results has no tweets.
 */
export function tweetsOfPage(value: unknown): JsonObject[] | undefined {
  if (!isJsonObject(value)) return undefined;
  const { data, meta } = value;
  if (data === undefined && isJsonObject(meta) && meta.result_count === 0) return [];
  if (!Array.isArray(data)) return undefined;
  const includes = isJsonObject(value.includes) ? value.includes : {};
  const [users, tweets] = [byId(includes.users), byId(includes.tweets)];
  return data.map((tweet) => {
    const referenced = chosen(tweets, membersOf(tweet, 'referenced_tweets', 'id'));
    const authors = chosen(
      users,
      [tweet, ...referenced].flatMap((some) => (isJsonObject(some) ? [some.author_id] : [])),
    );
    const beside = {
      ...(authors.length === 0 ? {} : { users: authors }),
      ...(referenced.length === 0 ? {} : { tweets: referenced }),
    };
    return { data: tweet, ...(Object.keys(beside).length === 0 ? {} : { includes: beside }) };
  });
}

function byId(list: Json | undefined): Map<Json | undefined, JsonObject> {
  const entries = Array.isArray(list) ? list.filter(isJsonObject).map((some) => [some.id, some] as const) : [];
  // The first of several with the same id counts, as in the workflow.
  return new Map(entries.reverse());
}

function chosen(some: Map<Json | undefined, JsonObject>, ids: readonly (Json | undefined)[]): JsonObject[] {
  return [...new Set(ids)].map((id) => some.get(id)).filter((found) => found !== undefined);
}

function membersOf(value: Json, list: string, member: string): (Json | undefined)[] {
  const items = isJsonObject(value) ? value[list] : undefined;
  return Array.isArray(items) ? items.filter(isJsonObject).map((item) => item[member]) : [];
}
