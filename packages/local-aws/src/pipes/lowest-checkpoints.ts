import type { ShardPosition } from './checkpoint.ts';

/**
 * Per source ARN and shard, the lowest position of all pipes: a sequence number, or null when a pipe has not started
 * the shard. A pipe that is done with the shard does not count. A shard that all pipes are done with is absent.
 */
export function lowestCheckpoints(
  pipes: readonly { sourceArn: string; positions: ReadonlyMap<string, ShardPosition> | undefined }[],
): ReadonlyMap<string, ReadonlyMap<string, string | null>> {
  const bySource = new Map<string, Map<string, string | null>>();
  const shardsOf = new Map<string, Set<string>>();
  for (const { sourceArn, positions } of pipes) {
    const shards = shardsOf.get(sourceArn) ?? new Set();
    shardsOf.set(sourceArn, shards);
    for (const shardId of positions?.keys() ?? []) shards.add(shardId);
  }
  for (const [sourceArn, shards] of shardsOf) {
    const lowest = new Map<string, string | null>();
    for (const shardId of shards) {
      const held = pipes
        .filter((pipe) => pipe.sourceArn === sourceArn)
        .map(({ positions }) => heldPosition(positions?.get(shardId)));
      const sequenceNumbers = held.filter((position) => position !== undefined);
      if (sequenceNumbers.length > 0) lowest.set(shardId, sequenceNumbers.reduce(lowerOf));
    }
    bySource.set(sourceArn, lowest);
  }
  return bySource;
}

/** The position above which a pipe needs records. Null: it needs all. Undefined: it needs none. */
function heldPosition(position: ShardPosition | undefined): string | null | undefined {
  if (position?.at === 'after') return position.sequenceNumber;
  return position?.at === 'end' ? undefined : null;
}

function lowerOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return BigInt(a) < BigInt(b) ? a : b;
}
