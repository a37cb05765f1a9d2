/** The write limits of a shard, https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const SHARD_RECORDS_PER_SECOND = 1_000;
const SHARD_BYTES_PER_SECOND = 1_000_000;
/**
 * An on-demand stream begins with four shards and splits until each is about half full,
 * https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
 */
const FIRST_ON_DEMAND_SHARDS = 4;
const ON_DEMAND_FILL = 0.5;
/** The rest is for uneven partition keys and for catching up. */
const PROVISIONED_FILL = 0.7;

/** The records that come in. */
export interface Load {
  recordsPerSecond: number;
  bytesPerRecord: number;
}

/** Shards of a stream with this option under this load. */
export function shardsUnder(load: Load, option: number | 'on-demand'): number {
  return option === 'on-demand' ? onDemandShards(load) : option;
}

/** Shards of an on-demand stream under this load, once it has split. */
export function onDemandShards(load: Load): number {
  return Math.max(FIRST_ON_DEMAND_SHARDS, Math.ceil(fullShards(load) / ON_DEMAND_FILL));
}

/** Shards to provision for this load, with room for uneven partition keys. */
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
  /** Duration of an execution, during which records gather for the next one. */
  executionSeconds: number;
}

/**
 * Average number of records in a batch, 1 or more. The pipe collects from the first record on until the batch is full
 * or the window is over, and at least as long as the previous execution takes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export function recordsPerBatch(
  perShardAndSecond: number,
  { batchSize, windowSeconds, executionSeconds }: Batching,
): number {
  const gathered = Math.max(1 + perShardAndSecond * windowSeconds, perShardAndSecond * executionSeconds);
  return Math.min(batchSize, gathered);
}
