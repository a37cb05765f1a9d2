import { MergeShardsCommand, type Shard, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { listShards } from '@tweet-pipes/cli/stack/list-shards';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Resharding } from './plan.ts';

/** Clients of a ready runtime, and its stream. */
export interface Endpoint {
  clients: AwsClients;
  streamName: string;
}

/** Bounds of the number of open shards. */
const openShards = { least: 1, most: 5 };

/**
 * Splits or merges shards of the stream while records flow, as AWS does with an on-demand stream. Returns what was
 * done, which at the bounds is the opposite of the request. Throws if the runtime exits meanwhile.
 */
export async function reshard(
  { clients, streamName }: Endpoint,
  { kind, choice }: Resharding,
): Promise<'split' | 'merge'> {
  const open = (await listShards(clients, streamName))
    .filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined)
    .sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  const isSplit = open.length <= openShards.least || (kind === 'split' && open.length < openShards.most);
  const index = Math.floor(choice * (isSplit ? open.length : open.length - 1));
  const [shard, neighbour] = [open[index], open[index + 1]];
  if (isSplit && shard !== undefined) {
    const middle = (startOf(shard) + BigInt(shard.HashKeyRange?.EndingHashKey ?? 0)) / 2n;
    await clients.kinesis.send(
      new SplitShardCommand({
        StreamName: streamName,
        ShardToSplit: shard.ShardId,
        NewStartingHashKey: String(middle),
      }),
    );
    return 'split';
  }
  await clients.kinesis.send(
    new MergeShardsCommand({
      StreamName: streamName,
      ShardToMerge: shard?.ShardId,
      AdjacentShardToMerge: neighbour?.ShardId,
    }),
  );
  return 'merge';
}

function startOf({ HashKeyRange }: Shard): bigint {
  return BigInt(HashKeyRange?.StartingHashKey ?? 0);
}
