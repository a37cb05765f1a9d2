/** What the pipeline wants to know of a tweet. */
export type Field = 'id' | 'text' | 'createdAt' | 'lang' | 'userId' | 'userName' | 'hashtags';

/**
 * The names that tools and data sets give the fields, the preferred ones first; compared without case, spaces, hyphens
 * and underscores. A dot stands between a member and the object that it is in.
 */
const names: Readonly<Record<Field, readonly string[]>> = {
  // A bare `id` beside an id of a tweet is the number of a row.
  id: ['id_str', 'tweet_id_str', 'tweet_id', 'status_id', 'id', 'tweet.id', 'post_id'],
  text: [
    'full_text',
    'rawContent',
    'text',
    'content',
    'tweet',
    'tweet_text',
    'tweet_full_text',
    'tweet_content',
    'renderedContent',
    'body',
    'message',
  ],
  createdAt: [
    'created_at',
    'date',
    'tweet_created',
    'tweet_created_at',
    'tweet_time',
    'datetime',
    'timestamp',
    'time',
    'publish_date',
  ],
  lang: ['lang', 'language', 'tweet_language', 'tweet_lang'],
  userId: ['user.id_str', 'author_id', 'user_id_str', 'user_id', 'user.id', 'author.id', 'external_author_id'],
  userName: [
    'user.screen_name',
    'author.username',
    'user_screen_name',
    'screen_name',
    'user.username',
    'username',
    'user_username',
    'user_name',
    'handle',
    'author',
    'user',
    'name',
  ],
  hashtags: ['entities.hashtags', 'hashtags', 'hashtag', 'tweet_hashtags'],
};

const fields = Object.keys(names).filter((name): name is Field => name in names);
const byName = new Map(
  fields.flatMap((field) => names[field].map((name, rank) => [normalized(name), { field, rank }] as const)),
);

/** Which of the names stands for which field. A field without one is absent. */
export function fieldsByName(given: Iterable<string>): ReadonlyMap<Field, string> {
  const best = new Map<Field, { name: string; rank: number }>();
  for (const name of given) {
    const known = byName.get(normalized(name));
    if (known === undefined) continue;
    const { field, rank } = known;
    if (rank < (best.get(field)?.rank ?? Number.POSITIVE_INFINITY)) best.set(field, { name, rank });
  }
  return new Map([...best].map(([field, { name }]) => [field, name]));
}

function normalized(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
}
