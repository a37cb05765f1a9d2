import type { StreamRecord } from '../record.ts';

/**
 * The attributes of a stored tweet that follow from its record alone (docs/records.md, "Stored items"); absent ones are
 * absent in the item.
 */
export interface TweetItem {
  text?: string;
  createdAt?: string;
  lang?: string;
  userId?: string;
  userName?: string;
  /** Folded, each once, in the order of their first occurrence. */
  hashtags: string[];
}

/**
 * What a record of the sample is, known because it was made so. `fate` is what becomes of it in stores that were empty
 * before: `kept` and `removed` tweets are stored and counted, `removed` ones are deleted by a later notice.
 */
export type Meaning =
  | { kind: 'tweet'; id: string; item: TweetItem; fate: 'kept' | 'removed' | 'duplicate' | 'after-deletion' }
  | { kind: 'deletion'; id: string; fate: 'first' | 'repeated' }
  | { kind: 'rejected'; reason: string };

/** A record together with its meaning. The bytes never say what the meaning is. */
export interface SampleRecord extends StreamRecord {
  readonly meaning: Meaning;
}
