import type { Clock } from '@tweet-pipes/kit/clock';
import { TokenBucket } from './token-bucket.ts';

/** Number of buckets before full ones are dropped. A full bucket is the same as a new one. */
const SWEEP_SIZE = 10_000;

/** One token bucket per item, as if each item were alone in its partition. */
export class ItemBuckets {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #items = new Map<string, { bucket: TokenBucket; lastUnits: number }>();
  #sweepAt = SWEEP_SIZE;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** Admits a call unless its item's bucket is empty. Takes the units of the item's last call in advance. */
  admit(item: string): Admission | undefined {
    const { bucket, lastUnits } = this.#of(item);
    const now = this.#clock.now();
    if (bucket.level(now) <= 0) return undefined;
    bucket.take(lastUnits, now);
    return { item, expected: lastUnits };
  }

  /** Corrects an admission by the units that the call consumed. Default: the expected units. */
  settle({ item, expected }: Admission, units = expected): void {
    const entry = this.#of(item);
    entry.bucket.take(units - expected, this.#clock.now());
    if (units > 0) entry.lastUnits = units;
  }

  #of(item: string): { bucket: TokenBucket; lastUnits: number } {
    const known = this.#items.get(item);
    if (known !== undefined) return known;
    const now = this.#clock.now();
    if (this.#items.size >= this.#sweepAt) this.#sweep(now);
    const entry = { bucket: new TokenBucket(this.#perSecond, now), lastUnits: 1 };
    this.#items.set(item, entry);
    return entry;
  }

  #sweep(nowMs: number): void {
    for (const [item, { bucket }] of this.#items) if (bucket.level(nowMs) >= this.#perSecond) this.#items.delete(item);
    this.#sweepAt = this.#items.size + SWEEP_SIZE;
  }
}

/** An admitted call, and the units taken for it in advance. */
export interface Admission {
  readonly item: string;
  readonly expected: number;
}
