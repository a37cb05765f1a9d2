import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';

interface Range {
  readonly shardId: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** The members of ListShards that leave shards out. */
const PARTIAL = ['MaxResults', 'ExclusiveStartShardId', 'ShardFilter'];

/** Maps records to open shards, by the latest answers to ListShards. */
export class ShardMap {
  readonly #open = new Map<string, readonly Range[]>();

  /** Learns the shards of a stream from a ListShards call that asks for all of them; only the first page counts. */
  learn(input: JsonObject, output: JsonObject): void {
    const stream = streamName(input);
    if (PARTIAL.some((member) => input[member] !== undefined && input[member] !== null)) return;
    if (stream === undefined || !Array.isArray(output.Shards)) return;
    const ranges = output.Shards.flatMap((shard): Range[] => {
      if (!isJsonObject(shard) || !isJsonObject(shard.HashKeyRange)) return [];
      if (isJsonObject(shard.SequenceNumberRange) && shard.SequenceNumberRange.EndingSequenceNumber !== undefined)
        return [];
      const { StartingHashKey: first, EndingHashKey: last } = shard.HashKeyRange;
      return [{ shardId: String(shard.ShardId), first: BigInt(String(first)), last: BigInt(String(last)) }];
    });
    this.#open.set(stream, ranges);
  }

  /** `stream shardId`; undefined for an unknown stream. */
  shardOf(input: JsonObject, record: JsonObject): string | undefined {
    const stream = streamName(input);
    if (stream === undefined) return undefined;
    const hash = hashKey(record);
    const found = this.#open.get(stream)?.find(({ first, last }) => first <= hash && hash <= last);
    return found === undefined ? undefined : `${stream} ${found.shardId}`;
  }
}

function streamName({ StreamName: name, StreamARN: arn }: JsonObject): string | undefined {
  if (typeof name === 'string') return name;
  return typeof arn === 'string' ? arn.slice(arn.lastIndexOf('/') + 1) : undefined;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
function hashKey({ ExplicitHashKey: explicit, PartitionKey: key }: JsonObject): bigint {
  if (typeof explicit === 'string' && /^\d+$/.test(explicit)) return BigInt(explicit);
  return BigInt(`0x${createHash('md5').update(String(key)).digest('hex')}`);
}
