/** What one shard takes, https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const SHARD_RECORDS_PER_SECOND = 1_000;
const SHARD_BYTES_PER_SECOND = 1_000_000;
/**
 * An on-demand stream begins with four shards and splits until each has about half of what it takes,
 * https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
 */
const FIRST_ON_DEMAND_SHARDS = 4;
const ON_DEMAND_FILL = 0.5;
/** Partition keys never spread evenly, and a shard that is full has no room to catch up. */
const PROVISIONED_FILL = 0.7;

/** What comes in. */
export interface Load {
  recordsPerSecond: number;
  bytesPerRecord: number;
}

/** Shards that an on-demand stream has under this load, after it had time to split. */
export function onDemandShards(load: Load): number {
  return Math.max(FIRST_ON_DEMAND_SHARDS, Math.ceil(fullShards(load) / ON_DEMAND_FILL));
}

/** Shards that one would provision for this load, with room for unevenness. */
export function provisionedShards(load: Load): number {
  return Math.max(1, Math.ceil(fullShards(load) / PROVISIONED_FILL));
}

function fullShards({ recordsPerSecond, bytesPerRecord }: Load): number {
  return Math.max(
    recordsPerSecond / SHARD_RECORDS_PER_SECOND,
    (recordsPerSecond * bytesPerRecord) / SHARD_BYTES_PER_SECOND,
  );
}

/** How the ingest pipe makes batches of one shard's records. */
export interface Batching {
  batchSize: number;
  windowSeconds: number;
  /** An execution works while records gather for the next one. */
  executionSeconds: number;
}

/**
 * Records that a batch has on average, 1 or more: the pipe waits from the first record on until the batch is full or
 * the window is over, or, when records come faster than that, for as long as the execution before it takes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export function recordsPerBatch(
  perShardAndSecond: number,
  { batchSize, windowSeconds, executionSeconds }: Batching,
): number {
  const gathered = Math.max(1 + perShardAndSecond * windowSeconds, perShardAndSecond * executionSeconds);
  return Math.min(batchSize, gathered);
}
