import type { Meaning, TweetItem } from './meaning.ts';

/** What tables and bucket must hold after the sample alone was fed into empty ones (docs/adr/0010). */
export interface SampleTruth {
  records: number;
  /** The tweets that remain, by id. */
  tweets: Map<string, TweetItem>;
  /** The tweets that were stored, counted and removed by a delete notice, by id: one archive row each. */
  removed: Map<string, TweetItem>;
  /** Ids with a delete notice, whether or not there was a tweet. */
  deletions: Set<string>;
  /** Folded hashtag → the number of distinct tweets, kept or removed, that carry it. */
  counts: Map<string, number>;
  /** Duplicates of stored tweets. */
  duplicates: number;
  /** Tweets that came after the delete notice of their id. */
  afterDeletion: number;
  /** Reason → records in quarantine. */
  quarantined: Map<string, number>;
}

/** Sums up meanings by their fates. It does not read the records; an independent model in the tests does. */
export class TruthLedger {
  readonly truth: SampleTruth = {
    records: 0,
    tweets: new Map(),
    removed: new Map(),
    deletions: new Set(),
    counts: new Map(),
    duplicates: 0,
    afterDeletion: 0,
    quarantined: new Map(),
  };

  add(meaning: Meaning): void {
    this.truth.records += 1;
    switch (meaning.kind) {
      case 'tweet':
        this.#addTweet(meaning);
        return;
      case 'deletion':
        this.truth.deletions.add(meaning.id);
        return;
      case 'rejected':
        increment(this.truth.quarantined, meaning.reason);
    }
  }

  #addTweet({ id, item, fate }: Meaning & { kind: 'tweet' }): void {
    switch (fate) {
      case 'duplicate':
        this.truth.duplicates += 1;
        return;
      case 'after-deletion':
        this.truth.afterDeletion += 1;
        return;
      case 'kept':
      case 'removed':
        (fate === 'kept' ? this.truth.tweets : this.truth.removed).set(id, item);
        for (const hashtag of item.hashtags) increment(this.truth.counts, hashtag);
    }
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
