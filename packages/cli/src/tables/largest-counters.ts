import { parseCounterKey } from '@tweet-pipes/kit/counter-key';
import { byCount, type HashtagCount } from './hashtag-count.ts';
import { Largest } from './largest.ts';

/**
 * The largest of all counters that are added. While each counter has one item, memory holds `limit` of them. Where
 * counters are split over several items, which are anywhere in the table, it must hold a number for each hashtag.
 */
export class LargestCounters {
  readonly isSplit: boolean;
  /** Whether an item beyond the first of its counter was left out, so that the table must be read as a split one. */
  isIncomplete = false;
  readonly #limit: number;
  readonly #largest: Largest<HashtagCount>;
  readonly #sums = new Map<string, number>();
  /** Those whose sums were among the largest when they last grew: sums never shrink, so the largest are among them. */
  #candidates = new Map<string, number>();
  /** The smallest of the largest sums, when {@link #candidates} were last reduced to these. */
  #least = Number.NEGATIVE_INFINITY;
  #single = 0;

  constructor(limit: number, { isSplit }: { isSplit: boolean }) {
    this.#limit = limit;
    this.isSplit = isSplit;
    this.#largest = new Largest(limit, byCount);
  }

  /** Adds an item of the table of counters. */
  add(key: string, count: number): void {
    const { hashtag, item } = parseCounterKey(key);
    if (this.isSplit) this.#addToSum(hashtag, count);
    else if (item > 0) this.isIncomplete = true;
    else {
      this.#single += 1;
      this.#largest.add({ hashtag, count });
    }
  }

  /** Hashtags that were added. */
  get size(): number {
    return this.isSplit ? this.#sums.size : this.#single;
  }

  /** The largest, in their order. */
  list(): HashtagCount[] {
    if (!this.isSplit) return this.#largest.list();
    const largest = new Largest<HashtagCount>(this.#limit, byCount);
    for (const [hashtag, count] of this.#candidates) largest.add({ hashtag, count });
    return largest.list();
  }

  #addToSum(hashtag: string, count: number): void {
    const sum = (this.#sums.get(hashtag) ?? 0) + count;
    this.#sums.set(hashtag, sum);
    if (sum < this.#least) return;
    this.#candidates.set(hashtag, sum);
    if (this.#candidates.size < 4 * this.#limit) return;
    const kept = this.list();
    this.#candidates = new Map(kept.map((each) => [each.hashtag, each.count]));
    this.#least = kept.at(-1)?.count ?? this.#least;
  }
}
