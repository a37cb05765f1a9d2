import type { NotKnown } from '@tweet-pipes/console/journey';

/** Everything that was found about one tweet, by where it was found. Times are epoch milliseconds. */
export interface Findings {
  id: string;
  /** Its item in the table of tweets. */
  stored?: StoredItem;
  tombstone?: Tombstone;
  /** Records of the stream with the tweet or with a delete notice for it, by position. */
  records: readonly FoundRecord[];
  /** By shard, the position up to which the pipe has processed it. */
  highWaterMarks: ReadonlyMap<string, string>;
  /** The pipe that hands records to the workflow. Undefined where it could not be read. */
  pipe?: PipeState;
  quarantined: readonly QuarantinedRecord[];
  /** Dead letters that point to one of its records. */
  givenUp: readonly GivenUpRecord[];
  redrives: readonly Redrive[];
  counters: readonly FoundCounter[];
  archived: readonly ArchiveRow[];
  lakeRows: readonly LakeRow[];
  executions: readonly FoundExecution[];
  notKnown: readonly NotKnown[];
  looked: readonly string[];
}

export interface PipeState {
  name: string;
  /** `RUNNING`, `STOPPED`, … */
  state: string;
  /** Why it stopped or failed; while RUNNING, what keeps it from its work. */
  reason?: string;
}

export interface StoredItem {
  /** Position of the record that brought it. */
  position: string;
  /** Whether redrive stored or counted it. */
  isRedriven: boolean;
  hashtags: readonly string[];
  /** To the second; undefined where the retention is not known. */
  arrivedMs?: number;
  sentiment?: { label: string; atMs?: number };
}

export interface Tombstone {
  /** Position of the first delete notice. */
  position: string;
  /** Position of the record of the tweet that it removed; empty if there was none, undefined in old items. */
  tweetPosition?: string;
  /** When the notice arrived. */
  deletedMs: number;
  forgottenMs?: number;
}

export interface FoundRecord {
  position: string;
  arrivedMs: number;
  /** What the workflow makes of it. */
  kind: 'tweet' | 'notice' | 'rejected';
  /** Why it is rejected. */
  reason?: string;
  /** Of a tweet. */
  hashtags: readonly string[];
  /** Whether the pipe's filter keeps it. */
  isKept: boolean;
}

export interface QuarantinedRecord {
  position: string;
  folder: 'quarantine' | 'out-of-order' | 'unproved';
  reason: string;
  atMs: number;
  /** `s3://bucket/key` */
  object: string;
}

export interface GivenUpRecord {
  position: string;
  condition: string;
  atMs: number;
  /** The last error that the pipe logged before that; undefined where it logged none. */
  error?: string;
}

export interface Redrive {
  position: string;
  atMs?: number;
  counted: readonly string[];
  unproved: readonly string[];
  /** Whether it removed the tweet again, because its notice had been carried out. */
  removes: boolean;
}

export interface FoundCounter {
  hashtag: string;
  /** Whether it counts the tweet; undefined where its high-water mark of the shard is gone. */
  isCounted: boolean | undefined;
  /** Undefined without an item. */
  count?: number;
  /** Start of the execution that counted it, where the counter still says so. */
  atMs?: number;
}

export interface ArchiveRow {
  position: string;
  removedMs?: number;
  /** `ttl`, `user` */
  cause: string;
  object: string;
}

export interface LakeRow {
  kind: string;
  position: string;
  arrivedMs?: number;
  object: string;
}

export interface FoundExecution {
  arn: string;
  startedMs: number;
  /** Undefined while it runs, or where its end is not logged. */
  endedMs?: number;
  /** `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`; undefined where its end is not logged. */
  end?: string;
  /** Why it failed. */
  error?: string;
  position: string;
  /** Records of its batch. */
  records: number;
  /** What it did with the record; undefined where the log does not say. */
  decision?: Decision;
  reason?: string;
}

/** What an execution did with a record. */
export type Decision =
  | 'stored'
  | 'redelivered'
  | 'duplicate'
  | 'dropped after its deletion'
  | 'quarantined'
  | 'removed again'
  | 'out of order'
  | 'delete notice carried out'
  | 'dropped for an earlier record of its batch';
