import { itemBytes, writeUnits } from '@tweet-pipes/local-aws/engines/item-size';
import { TokenBucket } from '@tweet-pipes/local-aws/pace/token-bucket';

/** A sequence number behind its length in three digits, as the high-water mark holds it: docs/adr/0025. */
const WATERMARK = `056${'4'.repeat(56)}`;

/** Bytes that one shard's watermark adds to a counter. */
export function watermarkBytes(shard: number): number {
  return itemBytes({ [`s${shard.toString(36)}`]: { S: WATERMARK } });
}

/** Bytes of a counter that has none yet. */
export const COUNTER_BYTES = itemBytes({
  hashtag: { S: 'worldcup2026' },
  htCount: { N: '1234567' },
  updatedAt: { S: '2026-11-26T09:00:00.000Z' },
});

/** The counter of the hot hashtag, or one slice of it: one item, alone in its partition. */
export class HotCounter {
  readonly #bucket: TokenBucket;
  readonly #shards = new Set<number>();
  readonly #servedBySecond = new Map<number, number>();
  bytes = COUNTER_BYTES;
  updates = 0;
  throttles = 0;

  constructor(unitsPerSecond: number, closedWatermarks: number) {
    this.#bucket = new TokenBucket(unitsPerSecond, 0);
    // Closed shards have the lower numbers, as they are older.
    for (let shard = 0; shard < closedWatermarks; shard += 1) this.bytes += watermarkBytes(shard);
  }

  /** Units of one more update. */
  get units(): number {
    return writeUnits(this.bytes);
  }

  /** An UpdateItem of a shard that reaches the partition now: false when it is throttled. */
  update(shard: number, nowMs: number): boolean {
    const grown = this.bytes + (this.#shards.has(shard) ? 0 : watermarkBytes(shard));
    const units = writeUnits(grown);
    if (!this.#bucket.tryTake(units, nowMs)) {
      this.throttles += 1;
      return false;
    }
    this.#shards.add(shard);
    this.bytes = grown;
    this.updates += 1;
    const second = Math.floor(nowMs / 1000);
    this.#servedBySecond.set(second, (this.#servedBySecond.get(second) ?? 0) + units);
    return true;
  }

  /** Units that were served, over all. */
  get unitsServed(): number {
    return [...this.#servedBySecond.values()].reduce((sum, units) => sum + units, 0);
  }

  /** Of any one second. */
  get mostUnitsInASecond(): number {
    return Math.max(0, ...this.#servedBySecond.values());
  }
}
