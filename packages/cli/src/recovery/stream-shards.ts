import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { formatPosition } from '@tweet-pipes/kit/position';
import { listShards } from '../stack/list-shards.ts';
import type { RecoveryContext } from './context.ts';

/** A shard of the ingest stream, and what of it can still be delivered. */
export interface StreamShard {
  shardId: string;
  isOpen: boolean;
  /** A hash key of the shard, decimal. */
  hashKey: string;
  /** The position of the oldest record that is left; undefined when none is. */
  oldest: string | undefined;
}

/** AWS may answer empty pages before the first record. */
const mostEmptyPages = 1000;

/** Every shard that the stream still lists. Any other shard was closed longer ago than the retention. */
export async function streamShards(context: RecoveryContext): Promise<StreamShard[]> {
  const shards = await listShards(context.clients, context.stack.TweetStreamName);
  const described: StreamShard[] = [];
  for (const { ShardId: shardId, SequenceNumberRange, HashKeyRange } of shards) {
    if (shardId === undefined) continue;
    described.push({
      shardId,
      isOpen: SequenceNumberRange?.EndingSequenceNumber === undefined,
      hashKey: HashKeyRange?.StartingHashKey ?? '0',
      oldest: await oldestPosition(context, shardId),
    });
  }
  return described;
}

async function oldestPosition({ clients, stack }: RecoveryContext, ShardId: string): Promise<string | undefined> {
  const StreamName = stack.TweetStreamName;
  const { ShardIterator: first } = await clients.kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  let ShardIterator = first;
  for (let page = 0; ShardIterator !== undefined; page += 1) {
    const answer = await clients.kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    const sequence = answer.Records?.[0]?.SequenceNumber;
    if (sequence !== undefined) return formatPosition(ShardId, sequence);
    if ((answer.MillisBehindLatest ?? 0) === 0) return undefined;
    // Not known, so any record may still be there.
    if (page === mostEmptyPages) return formatPosition(ShardId, '0');
    ShardIterator = answer.NextShardIterator;
  }
  return undefined;
}
