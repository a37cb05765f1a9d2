/** What a difference between a counter and its evidence means. */
export type DifferenceStatus =
  /** Below the evidence: proven, since evidence may be missing but never too much. */
  | 'low'
  /** Above evidence that is complete: proven. */
  | 'high'
  /** No count at all, and the evidence is complete. */
  | 'damaged'
  /** Above evidence, or no count at all, and evidence may be missing: nothing is proven. */
  | 'unproved'
  /** Some of its tweets may still be delivered and counted; the pipe has to come to rest first. */
  | 'in-doubt'
  /** It changed between comparison and repair. */
  | 'moved'
  /** It was `low`, `high` or `damaged` and now holds `expected`. */
  | 'repaired';

export interface Difference {
  hashtag: string;
  /** What the counter held; null for something that is no count. */
  count: number | null;
  expected: number;
  status: DifferenceStatus;
  /** Stored tweets that the workflow may still count. */
  pending: number;
  /** Tweets in `expected` that are on the out-of-order list. */
  outOfOrder: number;
}

export interface ReconcileReport {
  applied: boolean;
  /** Whether it was proved that the pipe had processed everything that was in the stream. */
  drained: boolean;
  counters: number;
  equal: number;
  /** Distinct accepted tweets by where they were found first. */
  evidence: { stored: number; archived: number; removedLately: number };
  statuses: Record<DifferenceStatus, number>;
  /** The {@link mostDifferences} largest. */
  differences: Difference[];
  /** Why counters above their evidence prove nothing; empty when the evidence is complete. */
  gaps: string[];
  /** Tweets in the table or the archive that no record of the stream brought; they are not counted. */
  unattributed: number;
  /**
   * Records on the out-of-order list whose tweets are neither stored nor archived: they were never counted and cannot
   * be.
   */
  outOfOrderWithoutTweet: number;
}

export const mostDifferences = 1000;

/** Whether every counter is now what its evidence says. */
export function isReconciled({ statuses }: ReconcileReport): boolean {
  const { repaired: _, ...open } = statuses;
  return Object.values(open).every((count) => count === 0);
}
