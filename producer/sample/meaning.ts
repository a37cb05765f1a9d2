import type { StreamRecord } from '../record.ts';

/** The attributes of a stored tweet that follow from its record alone (docs/records.md, "Stored items"). */
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
 * What a record of the sample is, known from its generation. `fate` is its effect on empty tables: `kept` and `removed`
 * tweets are stored and counted, `removed` ones are deleted by a later delete notice.
 */
export type Meaning =
  | { kind: 'tweet'; id: string; item: TweetItem; fate: 'kept' | 'removed' | 'duplicate' | 'after-deletion' }
  | { kind: 'deletion'; id: string; fate: 'first' | 'repeated' }
  | { kind: 'rejected'; reason: string };

/** A record with its meaning, which is not part of its data. */
export interface SampleRecord extends StreamRecord {
  readonly meaning: Meaning;
}
