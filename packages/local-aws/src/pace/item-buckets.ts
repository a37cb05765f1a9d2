import type { Clock } from '@tweet-pipes/kit/clock';
import { TokenBucket } from './token-bucket.ts';

/** Buckets that are kept at least; above it those that are full again are forgotten, since a new one would be alike. */
const KEPT = 10_000;

/** What one item may do: each has a bucket, as an item that is alone in its partition has. */
export class ItemBuckets {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #items = new Map<string, { bucket: TokenBucket; lastUnits: number }>();
  #sweepAt = KEPT;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** Lets a call through unless its item has used up its second; it is expected to cost what the last one did. */
  admit(item: string): Admission | undefined {
    const { bucket, lastUnits } = this.#of(item);
    const now = this.#clock.now();
    if (bucket.level(now) <= 0) return undefined;
    bucket.take(lastUnits, now);
    return { item, expected: lastUnits };
  }

  /** Sets an admission right by what the call cost in the end; left out, as much as was expected. */
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
    this.#sweepAt = this.#items.size + KEPT;
  }
}

/** A call that was let through, and the units that were taken for it. */
export interface Admission {
  readonly item: string;
  readonly expected: number;
}
