/** Half the width of a bin, relative to its value. */
const PRECISION = 0.005;
const BIN_WIDTH = Math.log((1 + PRECISION) / (1 - PRECISION));
/** Whole numbers below have a bin of their own, so that small counts are exact. */
const EXACT_BELOW = 1_000;

/**
 * How often each value came, values within half a percent in one bin. Bounded: about 230 bins for each power of ten
 * between the smallest and the largest value.
 */
export class ValueHistogram {
  readonly #counts = new Map<number, number>();

  add(value: number, count: number): void {
    const bin = binOf(value);
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + count);
  }

  merge(other: ValueHistogram): void {
    for (const [bin, count] of other.#counts) this.add(bin, count);
  }

  get bins(): number {
    return this.#counts.size;
  }

  /** The smallest value that at least `percent` of the values do not exceed. */
  percentile(percent: number): number {
    const bins = [...this.#counts].sort(([a], [b]) => a - b);
    const total = bins.reduce((sum, [, count]) => sum + count, 0);
    let left = Math.max(1, Math.ceil((percent / 100) * total));
    for (const [bin, count] of bins) {
      left -= count;
      if (left <= 0) return bin;
    }
    return bins.at(-1)?.[0] ?? Number.NaN;
  }
}

function binOf(value: number): number {
  const size = Math.abs(value);
  if (size < EXACT_BELOW && Number.isInteger(value)) return value;
  return Math.sign(value) * Math.exp(Math.round(Math.log(size) / BIN_WIDTH) * BIN_WIDTH);
}
