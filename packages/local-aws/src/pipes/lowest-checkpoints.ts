import type { ShardPosition } from './checkpoint.ts';

/** A pipe or a delivery stream, as a reader of its source. */
export interface StreamReader {
  sourceArn: string;
  /** The durable positions. Undefined: not known yet. */
  positions: ReadonlyMap<string, ShardPosition> | undefined;
}

/**
 * Per source ARN and shard, the lowest position of all readers: a sequence number, or null when one has not started the
 * shard. A reader that is done with the shard does not count. A shard that all readers are done with is absent.
 */
export function lowestCheckpoints(
  readers: readonly StreamReader[],
): ReadonlyMap<string, ReadonlyMap<string, string | null>> {
  const bySource = new Map<string, Map<string, string | null>>();
  const shardsOf = new Map<string, Set<string>>();
  for (const { sourceArn, positions } of readers) {
    const shards = shardsOf.get(sourceArn) ?? new Set();
    shardsOf.set(sourceArn, shards);
    for (const shardId of positions?.keys() ?? []) shards.add(shardId);
  }
  for (const [sourceArn, shards] of shardsOf) {
    const lowest = new Map<string, string | null>();
    for (const shardId of shards) {
      const held = readers
        .filter((reader) => reader.sourceArn === sourceArn)
        .map(({ positions }) => heldPosition(positions?.get(shardId)));
      const sequenceNumbers = held.filter((position) => position !== undefined);
      if (sequenceNumbers.length > 0) lowest.set(shardId, sequenceNumbers.reduce(lowerOf));
    }
    bySource.set(sourceArn, lowest);
  }
  return bySource;
}

/** The position above which a reader needs records. Null: it needs all. Undefined: it needs none. */
function heldPosition(position: ShardPosition | undefined): string | null | undefined {
  if (position?.at === 'after') return position.sequenceNumber;
  return position?.at === 'end' ? undefined : null;
}

function lowerOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return BigInt(a) < BigInt(b) ? a : b;
}
