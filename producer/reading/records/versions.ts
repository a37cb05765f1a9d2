import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { isId } from './ids.ts';

/** Where X puts the versions of an edited post: the enterprise API, v1.1, X's web client, and its archive. */
const places = ['edit_history', 'ext_edit_control', 'edit_control', 'edit_info'];

/**
 * The id of a post's first version, from any shape that is not API v2's `edit_history_tweet_ids`. Undefined if there
 * is none. https://docs.x.com/x-api/enterprise-gnip-2.0/fundamentals/edit-tweets
 */
export function firstVersionOf(body: JsonObject): string | undefined {
  for (const place of places.map((name) => body[name]).filter(isJsonObject)) {
    for (const { initial_tweet_id, initialTweetId, edit_tweet_ids, editTweetIds } of [
      ...Object.values(place).filter(isJsonObject),
      place,
    ]) {
      const [first] = [initial_tweet_id ?? initialTweetId ?? edit_tweet_ids ?? editTweetIds].flat();
      if (isId(first)) return first;
    }
  }
  return undefined;
}

/** The first of a list in a cell of a table, such as `["1", "2"]`. */
export function firstVersionInCell(cell: unknown): string | undefined {
  return /^\s*\[?\W{0,3}(\d{1,19})\b/.exec(typeof cell === 'string' ? cell : JSON.stringify(cell ?? ''))?.[1];
}
