/** What a difference between a counter and its evidence means. */
export type DifferenceStatus =
  /** Below the evidence: proven, because evidence may be missing but is never in excess. */
  | 'low'
  /** Above evidence that is complete: proven. */
  | 'high'
  /** Not a count, and the evidence is complete. */
  | 'damaged'
  /** Above the evidence, or not a count, and evidence may be missing: not proven. */
  | 'unproved'
  /** Some of its tweets may still be delivered and counted. */
  | 'in-doubt'
  /** It changed between comparison and repair. */
  | 'moved'
  /** It was `low`, `high` or `damaged` and now holds `expected`. */
  | 'repaired';

export interface CounterDifference {
  hashtag: string;
  /** The value of the counter; null when it is not a count. */
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
  /** Whether the pipe had provably processed everything in the stream. */
  drained: boolean;
  counters: number;
  equal: number;
  /** Distinct accepted tweets by the place where they were found first. */
  evidence: { stored: number; archived: number; removedLately: number };
  statuses: Record<DifferenceStatus, number>;
  /** The {@link mostDifferences} largest. */
  differences: CounterDifference[];
  /** Why evidence may be missing; empty when it is complete. */
  gaps: string[];
  /** Tweets in the table or the archive without a record of the stream; they are not counted. */
  unattributed: number;
  /**
   * Records on the out-of-order list whose tweets are neither stored nor archived: they were never counted and cannot
   * be.
   */
  outOfOrderWithoutTweet: number;
}

export const mostDifferences = 1000;

/** Whether every counter now agrees with its evidence. */
export function isReconciled({ statuses }: ReconcileReport): boolean {
  const { repaired: _, ...open } = statuses;
  return Object.values(open).every((count) => count === 0);
}
