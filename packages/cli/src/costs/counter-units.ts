import { mostCounterItems } from '@tweet-pipes/kit/counter-key';
import { itemBytes, writeUnits } from '@tweet-pipes/local-aws/engines/item-size';

/** A high-water mark: a sequence number after its length in three digits (docs/adr/0025). */
const MARK = `056${'4'.repeat(56)}`;

/** Bytes that the high-water mark of a shard adds to an item of a counter. */
export function markBytes(shard: number): number {
  return itemBytes({ [`s${shard.toString(36)}`]: { S: MARK } });
}

/** Bytes of an item of a counter without high-water marks. */
export const COUNTER_BYTES = itemBytes({
  hashtag: { S: 'worldcup2026' },
  htCount: { N: '1234567' },
  updatedAt: { S: '2026-11-26T09:00:00.000Z' },
});

/** Marks with which an update of a counter still takes one write unit. */
const marksOfOneUnit = Math.floor((1024 - COUNTER_BYTES) / markBytes(1_000));

/** The fewest items with which an update of a counter that all shards have counted takes one write unit, if it can. */
export function cheapestCounterItems(shards: number): number {
  return Math.min(mostCounterItems, Math.ceil(shards / marksOfOneUnit));
}

/**
 * Write units of an update of a counter that all shards have counted, as a common hashtag's has been after a while.
 * DynamoDB bills the size of the whole item.
 */
export function counterUnits(shards: number, counterItems: number): number {
  return writeUnits(COUNTER_BYTES + Math.ceil(shards / counterItems) * markBytes(40));
}
