/** Each bucket is 2 % wider than the previous one, from 1 ms on, so percentiles are exact to 2 %. */
const GROWTH = Math.log(1.02);

/** A histogram of durations with logarithmic buckets. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(ms: number): void {
    const bucket = ms <= 1 ? 0 : Math.ceil(Math.log(ms) / GROWTH);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#total += 1;
  }

  get total(): number {
    return this.#total;
  }

  /** Milliseconds that `share` (0-1) of the values do not exceed; 0 if it is empty. */
  percentile(share: number): number {
    let left = Math.ceil(share * this.#total);
    for (const [bucket, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.exp(bucket * GROWTH);
    }
    return 0;
  }
}
