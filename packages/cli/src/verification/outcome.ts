import { precedes } from '@tweet-pipes/kit/position';
import { quarantineKey } from './expectation.ts';
import type { SentRecord, Stores } from './stores.ts';

/**
 * How the records were processed, by the stores and not by the sample's own truth. `tweetsStored`, `duplicates`,
 * `afterDeletion`, `deleteNotices` and `quarantined` add up to `records`.
 */
export interface Outcome {
  records: number;
  /** Records whose tweet was stored, whether or not it was deleted later. */
  tweetsStored: number;
  /** Tweets whose id was stored already. */
  duplicates: number;
  /** Tweets that came after the delete notice of their id. */
  afterDeletion: number;
  deleteNotices: number;
  quarantined: number;
  /** Reason → records. */
  quarantineReasons: Record<string, number>;
  /** Removals of this run that are in the archive. */
  deletionsArchived: number;
  /** Distinct hashtags in the table, or of this run where only those were read. */
  hashtags: number;
  /** Sum of their counters. */
  totalCount: number;
}

/** @param before what the stores held before the run; its archive rows are not counted. */
export function outcomeOf(sent: readonly SentRecord[], before: Stores, found: Stores): Outcome {
  const outcome: Outcome = {
    records: sent.length,
    tweetsStored: 0,
    duplicates: 0,
    afterDeletion: 0,
    deleteNotices: 0,
    quarantined: 0,
    quarantineReasons: {},
    deletionsArchived: [...found.archive.keys()].filter((key) => !before.archive.has(key)).length,
    hashtags: found.hashtags.size,
    totalCount: [...found.hashtags.values()].reduce((sum, { htCount }) => sum + Number(htCount), 0),
  };
  const storing = new Set([...found.tweets.values(), ...found.archive.values()].map(({ record }) => record));
  for (const { record, position } of sent) {
    const { meaning } = record;
    const rejection = found.quarantine.get(quarantineKey(position));
    if (rejection !== undefined) {
      outcome.quarantined += 1;
      const reason = String(rejection.reason);
      outcome.quarantineReasons[reason] = (outcome.quarantineReasons[reason] ?? 0) + 1;
    } else if (meaning.kind === 'deletion') outcome.deleteNotices += 1;
    else if (storing.has(position)) outcome.tweetsStored += 1;
    else if (meaning.kind === 'tweet') {
      if (precedes(String(found.deletions.get(meaning.id)?.record ?? ''), position)) outcome.afterDeletion += 1;
      else outcome.duplicates += 1;
    }
  }
  return outcome;
}
