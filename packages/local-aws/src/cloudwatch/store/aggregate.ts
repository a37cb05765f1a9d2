import { ValueHistogram } from './value-histogram.ts';

/** A set of statistics, as PutMetricData takes it. */
export interface StatisticSet {
  readonly SampleCount: number;
  readonly Sum: number;
  readonly Minimum: number;
  readonly Maximum: number;
}

/** The values of a span of time. */
export class Aggregate {
  count = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  #histogram: ValueHistogram | undefined;

  /** `isDistribution`: whether percentiles are asked for. A single value needs no histogram. */
  add(value: number, count: number, isDistribution: boolean): void {
    if (isDistribution) {
      if (this.#histogram === undefined && this.count > 0 && (value !== this.minimum || value !== this.maximum)) {
        this.#histogram = new ValueHistogram();
        this.#histogram.add(this.minimum, this.count);
      }
      this.#histogram?.add(value, count);
    }
    this.count += count;
    this.sum += value * count;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }

  /** Its values are not known, so there is no percentile unless all are the same. */
  addSet({ SampleCount, Sum, Minimum, Maximum }: StatisticSet): void {
    this.#histogram = undefined;
    this.count += SampleCount;
    this.sum += Sum;
    this.minimum = Math.min(this.minimum, Minimum);
    this.maximum = Math.max(this.maximum, Maximum);
  }

  merge(other: Aggregate): void {
    if (other.count === 0) return;
    const isSingle = this.minimum === other.minimum && this.maximum === other.maximum && this.minimum === this.maximum;
    if (this.count > 0 && !isSingle) {
      const histogram = this.#values();
      const others = other.#values();
      this.#histogram = histogram !== undefined && others !== undefined ? histogram : undefined;
      if (others !== undefined) this.#histogram?.merge(others);
    } else if (this.count === 0 && other.#histogram !== undefined) {
      this.#histogram = new ValueHistogram();
      this.#histogram.merge(other.#histogram);
    }
    this.count += other.count;
    this.sum += other.sum;
    this.minimum = Math.min(this.minimum, other.minimum);
    this.maximum = Math.max(this.maximum, other.maximum);
  }

  /**
   * Undefined where only statistics are known. AWS: percentiles need raw values, one value, or values that are all the
   * same (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Percentiles).
   */
  percentile(percent: number): number | undefined {
    if (this.count === 0) return undefined;
    if (this.minimum === this.maximum) return this.minimum;
    const value = this.#histogram?.percentile(percent);
    return value === undefined ? undefined : Math.min(this.maximum, Math.max(this.minimum, value));
  }

  /** How much it weighs in memory, in about 50 bytes. */
  get weight(): number {
    return 2 + (this.#histogram?.bins ?? 0);
  }

  #values(): ValueHistogram | undefined {
    if (this.#histogram !== undefined || this.minimum !== this.maximum) return this.#histogram;
    const histogram = new ValueHistogram();
    histogram.add(this.minimum, this.count);
    return histogram;
  }
}
