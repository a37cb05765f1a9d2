import type { StreamRecord } from './record.ts';

/** A shard as discovery lists it. */
export interface Shard {
  readonly shardId: string;
  /** Shards to read to their end before this one. A parent that is no longer listed has expired and counts as read. */
  readonly parentShardIds: readonly string[];
  /** No more records can be written. Always false for DynamoDB streams, which do not report it. */
  readonly closed: boolean;
}

/**
 * The result of one GetRecords call. `next` undefined: the shard has ended. `behindMs` above 0: more records follow,
 * even if `records` is empty.
 */
export interface Page {
  readonly records: readonly StreamRecord[];
  readonly next: string | undefined;
  readonly behindMs: number;
}

/** A stream that pipes read: Kinesis or a DynamoDB stream. Methods throw the SDK's errors. */
export interface StreamSource {
  readonly kind: 'kinesis' | 'dynamodb';
  readonly arn: string;
  /** All shards, open and closed. */
  listShards(signal?: AbortSignal): Promise<Shard[]>;
  /** An iterator right after a sequence number, or at the oldest record (`undefined`). */
  openIterator(shardId: string, after: string | undefined, signal?: AbortSignal): Promise<string>;
  getRecords(shardId: string, iterator: string, limit: number, signal?: AbortSignal): Promise<Page>;
}
