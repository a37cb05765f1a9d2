/**
 * The keys of counters. With the option `counterItems` a hashtag has several items in the table `hashtags`, each for
 * some of the shards; its count is their sum (docs/adr/0062). The key of item 0 is the hashtag, that of item 7
 * `<hashtag>#ITEM7`: no hashtag has capitals, because all are folded to lower case. The workflow makes the same keys in
 * `statemachines/ingest/counter-key.jsonata`.
 *
 * @module
 */

/** The most items of a hashtag, which one BatchGetItem reads. */
export const mostCounterItems = 100;

/** Code points of the longest hashtag with more than one item: a key has room for 2,048 bytes. */
const longestSplit = 500;

/** The key of one item of a hashtag; `item` from 0 to 99. */
export function counterKey(hashtag: string, item: number): string {
  return item === 0 || [...hashtag].length > longestSplit ? hashtag : `${hashtag}#ITEM${item}`;
}

/** The keys of all items that a hashtag may have. */
export function counterKeys(hashtag: string): string[] {
  return [...new Set(Array.from({ length: mostCounterItems }, (_, item) => counterKey(hashtag, item)))];
}

/** The hashtag and the item that a key means. */
export function parseCounterKey(key: string): { hashtag: string; item: number } {
  const [, hashtag, item] = /^(.+)#ITEM([1-9]\d?)$/s.exec(key) ?? [];
  return hashtag === undefined ? { hashtag: key, item: 0 } : { hashtag, item: Number(item) };
}
