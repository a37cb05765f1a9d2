import type { StoreDifference } from './compare.ts';
import type { Stores } from './stores.ts';

/**
 * Checks the counters against the tweets: each counter must be the number of tweets, stored or archived, that carry the
 * hashtag. The stores must have been read whole. Finds nothing when archive rows lack their hashtags, as with
 * `archiveContent=keys`.
 */
export function auditCounters({ tweets, archive, hashtags }: Stores): StoreDifference[] {
  const removed = [...archive.values()].filter((row) => row.table === 'tweets');
  const counts = new Map<string, number>();
  for (const { hashtags: carried } of [...tweets.values(), ...removed]) {
    if (!Array.isArray(carried)) return [];
    for (const hashtag of carried) counts.set(String(hashtag), (counts.get(String(hashtag)) ?? 0) + 1);
  }
  return [...new Set([...counts.keys(), ...hashtags.keys()])].flatMap((key) => {
    const counted = hashtags.get(key)?.htCount ?? 0;
    const carried = counts.get(key) ?? 0;
    return counted === carried
      ? []
      : [{ store: 'hashtags', key, problem: `counts ${counted}, but ${carried} tweets, stored or archived, carry it` }];
  });
}
