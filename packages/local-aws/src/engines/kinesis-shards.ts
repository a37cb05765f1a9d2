import { isJsonObject } from '@tweet-pipes/kit/json';
import db, { type Shard, type Store } from 'kinesalite/db/index.js';

/**
 * The answer of ListShards or DescribeStream without the shards that were closed longer ago than the stream retains
 * records: nothing is left in them, and AWS lists them no more
 * (https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html). kinesalite lists them
 * for ever, and needs their places in its own list.
 */
export async function withoutExpiredShards(
  store: Store,
  nowMs: number,
  streamName: string,
  output: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { Shards, RetentionPeriodHours } = await store.metaDb.get(streamName);
  const expiryMs = nowMs - RetentionPeriodHours * 3_600_000;
  const expired = new Set(Shards.filter((shard) => closedMs(shard) < expiryMs).map(({ ShardId }) => ShardId));
  if (expired.size === 0) return output;
  const listed = (shards: unknown): unknown[] =>
    Array.isArray(shards) ? shards.filter((shard) => !isJsonObject(shard) || !expired.has(String(shard.ShardId))) : [];
  const { StreamDescription: description } = output;
  return isJsonObject(description)
    ? { ...output, StreamDescription: { ...description, Shards: listed(description.Shards) } }
    : { ...output, Shards: listed(output.Shards) };
}

/** kinesalite writes the time of closing, in whole seconds, into the number at which a shard ends. */
function closedMs({ SequenceNumberRange: { EndingSequenceNumber } }: Shard): number {
  return EndingSequenceNumber === undefined ? Number.POSITIVE_INFINITY : db.parseSequence(EndingSequenceNumber).seqTime;
}
