import type { Clock } from '@tweet-pipes/kit/clock';
import type { Metric, MetricIdentity } from '../metric-delivery.ts';
import { Aggregate, type StatisticSet } from './aggregate.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** How long values are kept by the second. */
export const SECONDS_KEPT_MS = 5 * MINUTE_MS;

/** The values of one metric: by the minute, and by the second for the last five minutes. */
export class MetricSeries implements Metric {
  readonly identity: MetricIdentity;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #isDistribution: boolean;
  readonly #minutes = new Map<number, Aggregate>();
  readonly #seconds = new Map<number, Aggregate>();
  #second = -1;
  #ofSecond = new Aggregate();
  #ofMinute = new Aggregate();

  constructor(identity: MetricIdentity, clock: Pick<Clock, 'now'>, isDistribution: boolean) {
    this.identity = identity;
    this.#clock = clock;
    this.#isDistribution = isDistribution;
  }

  add(value: number): void {
    this.addAt(this.#clock.now(), value, 1);
  }

  /** Adds a value `count` times at a time. */
  addAt(timeMs: number, value: number, count: number): void {
    this.#open(timeMs);
    this.#ofSecond.add(value, count, false);
    this.#ofMinute.add(value, count, this.#isDistribution);
  }

  /** Adds values at a time of which only these statistics are known. */
  addSetAt(timeMs: number, set: StatisticSet): void {
    this.#open(timeMs);
    this.#ofSecond.addSet(set);
    this.#ofMinute.addSet(set);
  }

  /**
   * The values from a time to before another. Whole minutes come from the minutes, other spans from the seconds, which
   * have no percentiles.
   */
  between(fromMs: number, toMs: number): Aggregate {
    const unitMs = fromMs % MINUTE_MS === 0 && toMs % MINUTE_MS === 0 ? MINUTE_MS : SECOND_MS;
    const buckets = unitMs === MINUTE_MS ? this.#minutes : this.#seconds;
    const values = new Aggregate();
    const [from, to] = [Math.floor(fromMs / unitMs), Math.ceil(toMs / unitMs)];
    if (to - from > buckets.size) {
      for (const [at, bucket] of buckets) if (at >= from && at < to) values.merge(bucket);
    } else {
      for (let at = from; at < to; at += 1) {
        const bucket = buckets.get(at);
        if (bucket !== undefined) values.merge(bucket);
      }
    }
    return values;
  }

  /** Whether there is a value since a time. */
  hasValuesSince(timeMs: number): boolean {
    for (const minute of this.#minutes.keys()) if ((minute + 1) * MINUTE_MS > timeMs) return true;
    return false;
  }

  get isEmpty(): boolean {
    return this.#minutes.size === 0;
  }

  /** Drops minutes before one time and seconds before another. */
  drop(minutesBeforeMs: number, secondsBeforeMs: number): void {
    for (const minute of this.#minutes.keys()) {
      if ((minute + 1) * MINUTE_MS <= minutesBeforeMs) this.#minutes.delete(minute);
    }
    for (const second of this.#seconds.keys()) {
      if ((second + 1) * SECOND_MS <= secondsBeforeMs) this.#seconds.delete(second);
    }
    this.#second = -1;
  }

  /** How much its values weigh in memory, in about 50 bytes. */
  get weight(): number {
    let weight = 2 * this.#seconds.size;
    for (const minute of this.#minutes.values()) weight += minute.weight;
    return weight;
  }

  #open(timeMs: number): void {
    const second = Math.floor(timeMs / SECOND_MS);
    if (second === this.#second) return;
    this.#second = second;
    this.#ofSecond = bucketAt(this.#seconds, second);
    this.#ofMinute = bucketAt(this.#minutes, Math.floor(timeMs / MINUTE_MS));
  }
}

function bucketAt(buckets: Map<number, Aggregate>, at: number): Aggregate {
  const found = buckets.get(at);
  if (found !== undefined) return found;
  const bucket = new Aggregate();
  buckets.set(at, bucket);
  return bucket;
}
