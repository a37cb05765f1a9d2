import type { Shard } from 'kinesalite/db/index.js';
import { AwsError } from '../gateway/aws-error.ts';
import { callKinesalite } from './kinesalite-call.ts';
import { streamFacts } from './kinesis-descriptions.ts';
import {
  findStream,
  type KinesisContext,
  type KinesisOperation,
  limitType,
  nameType,
  numberOf,
  textOf,
} from './kinesis-operation.ts';
import { isOpen } from './kinesis-shards.ts';
import { whenSettled } from './kinesis-upkeep.ts';

const HASH_KEYS = 2n ** 128n;
/**
 * Hash keys by which two bounds of shards may differ and still be the same: shares of a stream are rounded down.
 */
const ROUNDING = 1_000_000n;

/**
 * Splits and merges shards until all are of about one size. AWS answers before that; here it is done then. AWS's limit
 * of ten changes a day does not exist here.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
 */
export const updateShardCount: KinesisOperation = {
  types: {
    StreamName: { ...nameType, notNull: true },
    TargetShardCount: { ...limitType, notNull: true },
    ScalingType: { type: 'String', notNull: true, enum: ['UNIFORM_SCALING'] },
  },
  async run(context, input) {
    const streamName = textOf(input.StreamName) ?? '';
    const target = numberOf(input.TargetShardCount) ?? 0;
    const stream = await findStream(context.store, streamName);
    if (stream.StreamModeDetails?.StreamMode === 'ON_DEMAND') {
      throw new AwsError('ValidationException', `Stream ${streamName} is ON_DEMAND: its shards cannot be counted out.`);
    }
    const current = stream.Shards.filter(isOpen).length;
    checkLimits(current, target);
    await reshard(context, streamName, target);
    const { StreamARN } = streamFacts(stream);
    return { StreamName: streamName, StreamARN, CurrentShardCount: current, TargetShardCount: target };
  },
};

function checkLimits(current: number, target: number): void {
  const counts = `Current open shard count: ${current} Target shard count: ${target}`;
  if (target > 2 * current) {
    throw new AwsError(
      'LimitExceededException',
      `UpdateShardCount cannot scale up over double your current open shard count. ${counts}`,
    );
  }
  if (2 * target < current) {
    throw new AwsError(
      'LimitExceededException',
      `UpdateShardCount cannot scale down below half your current open shard count. ${counts}`,
    );
  }
}

/**
 * Makes the shards of equal shares one after the other, from the lowest hash key. So the number of open shards stays
 * near that of before or after, and a stream whose change was cut off can be changed again.
 */
async function reshard(context: KinesisContext, StreamName: string, target: number): Promise<void> {
  const run = async (operation: string, input: Record<string, unknown>): Promise<void> => {
    await callKinesalite(context.store, operation, { StreamName, ...input });
    await whenSettled(context.store, StreamName);
  };
  /** Open shards from a hash key on. */
  const shardsFrom = async (hashKey: bigint): Promise<Shard[]> =>
    (await findStream(context.store, StreamName)).Shards.filter(
      (shard) => isOpen(shard) && startOf(shard) >= hashKey,
    ).sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));

  let start = 0n;
  for (let share = 1; share <= target; share += 1) {
    const wanted = share === target ? HASH_KEYS : (HASH_KEYS / BigInt(target)) * BigInt(share);
    const holder = (await shardsFrom(start)).find((shard) => endOf(shard) > wanted - ROUNDING);
    if (holder === undefined) return;
    let end = wanted;
    if (near(endOf(holder), wanted)) end = endOf(holder);
    else {
      await run('SplitShard', { ShardToSplit: holder.ShardId, NewStartingHashKey: String(wanted) });
    }
    for (;;) {
      const [first, second] = (await shardsFrom(start)).filter((shard) => endOf(shard) <= end);
      if (first === undefined || second === undefined) break;
      await run('MergeShards', { ShardToMerge: first.ShardId, AdjacentShardToMerge: second.ShardId });
    }
    start = end;
  }
}

function startOf({ HashKeyRange }: Shard): bigint {
  return BigInt(HashKeyRange.StartingHashKey);
}

/** Exclusive. */
function endOf({ HashKeyRange }: Shard): bigint {
  return BigInt(HashKeyRange.EndingHashKey) + 1n;
}

function near(a: bigint, b: bigint): boolean {
  return a - b < ROUNDING && b - a < ROUNDING;
}
