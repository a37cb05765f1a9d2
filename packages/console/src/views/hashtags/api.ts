/** What `/_console/api/hashtags` answers. */
export interface HashtagReading {
  /** The largest counters, or those of them that were searched for; the largest first. */
  readonly top: readonly RankedCounter[];
  /** Whether the whole table was read. If not, `top` is of the counters that have been read so far. */
  readonly isWhole: boolean;
  /** Counters that `top` is of. */
  readonly counters: number;
  /** When the reading was over, epoch milliseconds; null for the first one, which still runs. */
  readonly readAt: number | null;
  /** How long it took. */
  readonly tookMs: number;
  /** Read units that it took, and what AWS bills for them in USD (list price of us-east-1, on demand). */
  readonly readUnits: number;
  readonly usd: number;
  /** The reading that runs now; null between two. */
  readonly running: { readonly counters: number } | null;
  /** The first request at or after this time begins the next reading; epoch milliseconds. Null while a reading runs. */
  readonly nextAt: number | null;
  /** How the counts became what they are, since the page was first opened. */
  readonly history: HashtagHistory;
}

/** A counter and its place among all; null where it is not among the largest that are kept. */
export interface RankedCounter {
  readonly hashtag: string;
  readonly count: number;
  readonly rank: number | null;
}

/** Counts at the end of each reading. */
export interface HashtagHistory {
  /** Epoch milliseconds, ascending. */
  readonly at: readonly number[];
  /** For the first hashtags of `top`: null where the hashtag was not among the largest. */
  readonly series: readonly { readonly hashtag: string; readonly counts: readonly (number | null)[] }[];
}
