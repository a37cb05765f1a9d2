import { isJsonObject } from '@tweet-pipes/kit/json';
import db, { type Shard, type Store } from 'kinesalite/db/index.js';

/**
 * Removes expired shards from an answer of ListShards or DescribeStream: those closed before the retention period
 * began, which AWS does not list
 * (https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html). kinesalite keeps
 * listing them, because its indices depend on them.
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

/** kinesalite encodes the closing time, in whole seconds, in the ending sequence number. */
function closedMs({ SequenceNumberRange: { EndingSequenceNumber } }: Shard): number {
  return EndingSequenceNumber === undefined ? Number.POSITIVE_INFINITY : db.parseSequence(EndingSequenceNumber).seqTime;
}
