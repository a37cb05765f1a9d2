import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';

/**
 * Messages of X that are no tweets and no delete notices, by the member that holds them.
 * v1.1: https://developer.x.com/en/docs/tweets/filter-realtime/guides/streaming-message-types
 * Compliance: https://docs.x.com/x-api/compliance/streams/introduction
 */
const known: readonly string[] = [
  ...['limit', 'disconnect', 'warning', 'friends', 'friends_str', 'event', 'control', 'direct_message'],
  ...['scrub_geo', 'status_withheld', 'user_withheld', 'user_delete', 'user_undelete', 'user_protect'],
  ...['user_unprotect', 'user_suspend', 'user_unsuspend', 'user_profile_modification', 'withheld', 'drop', 'undrop'],
  ...['tweet_edit', 'tweet_withheld', 'status_delete', 'favorite', 'unfavorite', 'errors', 'error'],
];

/** The name of a message of X; undefined if it is none that is known. */
export function messageName(value: JsonObject): string | undefined {
  const inside = isJsonObject(value.data) ? value.data : value;
  return known.find((name) => inside[name] != null) ?? (typeof value.title === 'string' ? 'problem' : undefined);
}
