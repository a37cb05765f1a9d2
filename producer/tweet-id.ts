/** The members that can hold the id of a tweet. */
interface IdMembers {
  edit_history_tweet_ids?: unknown;
  id_str?: unknown;
  id?: unknown;
}

/**
 * What the workflow takes for the id of a tweet without its envelope, whether it accepts it or not: each edit of a post
 * has an id of its own, and the id of the first version is that of the post (docs/adr/0040).
 */
export function tweetIdOf({ edit_history_tweet_ids, id_str, id }: IdMembers): unknown {
  const [first] = [edit_history_tweet_ids].flat();
  if (typeof first === 'string') return first;
  return typeof id_str === 'string' ? id_str : id;
}
