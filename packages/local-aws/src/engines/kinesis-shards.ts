import db, { type Shard, type StreamMeta } from 'kinesalite/db/index.js';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
export type ShardFilter =
  | { readonly type: 'FROM_TRIM_HORIZON' | 'AT_TRIM_HORIZON' | 'AT_LATEST' }
  | { readonly type: 'AFTER_SHARD_ID'; readonly shardId: string }
  | { readonly type: 'AT_TIMESTAMP' | 'FROM_TIMESTAMP'; readonly atMs: number };

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ChildShard.html */
export interface ChildShard {
  readonly ShardId: string;
  readonly ParentShards: readonly string[];
  readonly HashKeyRange: Shard['HashKeyRange'];
}

/**
 * The shards that AWS lists, in the order of their ids: all but those closed before the retention period began
 * (https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html). kinesalite keeps
 * them, because its indices depend on them.
 */
export function listedShards({ Shards, RetentionPeriodHours }: StreamMeta, nowMs: number): Shard[] {
  const expiryMs = nowMs - RetentionPeriodHours * 3_600_000;
  return Shards.filter((shard) => closedMs(shard) >= expiryMs);
}

/** The listed shards that a filter of ListShards selects. */
export function filterShards(listed: readonly Shard[], filter: ShardFilter): Shard[] {
  switch (filter.type) {
    case 'FROM_TRIM_HORIZON':
      return [...listed];
    case 'AT_TRIM_HORIZON':
      return withoutChildren(listed, listed);
    case 'AT_LATEST':
      return listed.filter(isOpen);
    case 'AFTER_SHARD_ID':
      return shardsAfter(listed, filter.shardId);
    case 'FROM_TIMESTAMP':
      return listed.filter((shard) => closedMs(shard) >= wholeSeconds(filter.atMs));
    case 'AT_TIMESTAMP': {
      const atMs = wholeSeconds(filter.atMs);
      const open = listed.filter((shard) => openedMs(shard, listed) <= atMs && closedMs(shard) >= atMs);
      // A time before the first shard means the trim horizon.
      return open.length === 0 ? withoutChildren(listed, listed) : withoutChildren(open, open);
    }
  }
}

/** The shards whose id is greater. */
export function shardsAfter(shards: readonly Shard[], shardId: string | undefined): Shard[] {
  return shards.filter(({ ShardId }) => shardId === undefined || ShardId > shardId);
}

/** Whether records can still be put into the shard. */
export function isOpen({ SequenceNumberRange }: Shard): boolean {
  return SequenceNumberRange.EndingSequenceNumber === undefined;
}

/** The children of a closed shard, for the answer at its end. */
export function childShards({ Shards }: StreamMeta, shardId: string): ChildShard[] {
  return Shards.filter((shard) => parentsOf(shard).includes(shardId)).map((shard) => ({
    ShardId: shard.ShardId,
    ParentShards: parentsOf(shard),
    HashKeyRange: shard.HashKeyRange,
  }));
}

function parentsOf({ ParentShardId, AdjacentParentShardId }: Shard): string[] {
  return [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined);
}

/** kinesalite knows the times of a reshard in whole seconds, so parents and children may share one. */
function withoutChildren(shards: readonly Shard[], parents: readonly Shard[]): Shard[] {
  const ids = new Set(parents.map(({ ShardId }) => ShardId));
  return shards.filter((shard) => !parentsOf(shard).some((parent) => ids.has(parent)));
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

/** kinesalite encodes the closing time, in whole seconds, in the ending sequence number. */
function closedMs({ SequenceNumberRange: { EndingSequenceNumber } }: Shard): number {
  return EndingSequenceNumber === undefined ? Number.POSITIVE_INFINITY : db.parseSequence(EndingSequenceNumber).seqTime;
}

/** A child opens when its parents close. kinesalite dates it a second later, to order its sequence numbers. */
function openedMs(shard: Shard, listed: readonly Shard[]): number {
  const parents = parentsOf(shard);
  const closed = listed.filter(({ ShardId }) => parents.includes(ShardId)).map(closedMs);
  if (closed.length > 0) return Math.max(...closed);
  return parents.length > 0 ? Number.NEGATIVE_INFINITY : db.parseSequence(startOf(shard)).shardCreateTime;
}

function startOf({ SequenceNumberRange }: Shard): string {
  return SequenceNumberRange.StartingSequenceNumber;
}
