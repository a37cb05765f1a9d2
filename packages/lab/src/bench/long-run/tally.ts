import type { Meaning } from '@tweet-pipes/producer/sample/meaning';

/**
 * Counts of what tables and bucket must hold after the records so far. Unlike the sample's own truth its size does not
 * grow with the tweets.
 */
export interface Tally {
  records: number;
  /** Tweets that remain. */
  tweets: number;
  /** Tweets that were stored and removed: one archive row each. */
  removed: number;
  /** Ids with a delete notice. */
  deletions: number;
  quarantined: number;
  /** Folded hashtag → distinct tweets, kept or removed, that carry it. */
  counts: Map<string, number>;
}

/** A tally of no records. */
export function emptyTally(): Tally {
  return { records: 0, tweets: 0, removed: 0, deletions: 0, quarantined: 0, counts: new Map() };
}

/** Adds a record, by its fate. */
export function addTo(tally: Tally, meaning: Meaning): void {
  tally.records += 1;
  switch (meaning.kind) {
    case 'rejected':
      tally.quarantined += 1;
      return;
    case 'deletion':
      if (meaning.fate === 'first') tally.deletions += 1;
      return;
    case 'tweet':
      if (meaning.fate !== 'kept' && meaning.fate !== 'removed') return;
      if (meaning.fate === 'kept') tally.tweets += 1;
      else tally.removed += 1;
      for (const hashtag of meaning.item.hashtags) tally.counts.set(hashtag, (tally.counts.get(hashtag) ?? 0) + 1);
  }
}

/** Differences between what must be and what was found, one line each. */
export function differences(must: Tally, found: Tally): string[] {
  const lines: string[] = [];
  for (const name of ['tweets', 'removed', 'deletions', 'quarantined'] as const) {
    if (must[name] !== found[name]) lines.push(`${name}: ${found[name]}, must be ${must[name]}`);
  }
  for (const hashtag of new Set([...must.counts.keys(), ...found.counts.keys()])) {
    const [count, of] = [found.counts.get(hashtag) ?? 0, must.counts.get(hashtag) ?? 0];
    if (count !== of) lines.push(`#${hashtag}: ${count}, must be ${of}`);
  }
  return lines;
}
