/** A counter: how many tweets carry the hashtag. */
export interface HashtagCount {
  hashtag: string;
  count: number;
}

/** Compares for sorting: larger counts first, equal ones by hashtag in code unit order. */
export function byCount(a: HashtagCount, b: HashtagCount): number {
  return b.count - a.count || (a.hashtag < b.hashtag ? -1 : 1);
}
