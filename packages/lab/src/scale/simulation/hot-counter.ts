import { COUNTER_BYTES, markBytes } from '@tweet-pipes/cli/costs/counter-units';
import { writeUnits } from '@tweet-pipes/local-aws/engines/item-size';
import { TokenBucket } from '@tweet-pipes/local-aws/pace/token-bucket';

/** An item of the hot hashtag's counter, alone in its partition. */
export class HotCounter {
  readonly #bucket: TokenBucket;
  readonly #shards = new Set<number>();
  readonly #servedBySecond = new Map<number, number>();
  bytes = COUNTER_BYTES;
  updates = 0;
  throttles = 0;

  constructor(unitsPerSecond: number, closedMarks: number) {
    this.#bucket = new TokenBucket(unitsPerSecond, 0);
    // Closed shards have the lower numbers, as they are older.
    for (let shard = 0; shard < closedMarks; shard += 1) this.bytes += markBytes(shard);
  }

  /** Write units of the next update. */
  get units(): number {
    return writeUnits(this.bytes);
  }

  /** An UpdateItem of a shard that reaches the partition now. Returns false if it is throttled. */
  update(shard: number, nowMs: number): boolean {
    const grown = this.bytes + (this.#shards.has(shard) ? 0 : markBytes(shard));
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

  /** Total of served units. */
  get unitsServed(): number {
    return [...this.#servedBySecond.values()].reduce((sum, units) => sum + units, 0);
  }

  /** Maximum of served units in a second. */
  get mostUnitsInASecond(): number {
    return Math.max(0, ...this.#servedBySecond.values());
  }
}
