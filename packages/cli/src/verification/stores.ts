import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';

/** A DynamoDB item, an archive row or a quarantine object as plain values. */
export type Item = Readonly<Record<string, unknown>>;

/** What the pipeline holds, or must hold. The shapes are those of docs/records.md. */
export interface Stores {
  /** By id. */
  tweets: Map<string, Item>;
  /** By folded hashtag. */
  hashtags: Map<string, Item>;
  /** By id. */
  deletions: Map<string, Item>;
  /**
   * Distinct archive rows by {@link archiveKey}; copies of a row, which at-least-once delivery makes, are one entry.
   */
  archive: Map<string, Item>;
  /** By object key, `quarantine/<shardId>/<sequence>.json`. */
  quarantine: Map<string, Item>;
}

export type StoreName = keyof Stores;

export function emptyStores(): Stores {
  return { tweets: new Map(), hashtags: new Map(), deletions: new Map(), archive: new Map(), quarantine: new Map() };
}

/** What identifies an archive row: table, key and record (docs/records.md, "Archive rows"). */
export function archiveKey(table: string, key: string, record: string | null): string {
  return JSON.stringify([table, key, record]);
}

/** A record of the sample that was put into the stream. */
export interface SentRecord {
  record: SampleRecord;
  /** Its position in the stream, {@link @tweet-pipes/kit/position!formatPosition}. */
  position: string;
  /** An earlier copy of it may be in the stream and may have been processed first. */
  maybeTwice: boolean;
}
