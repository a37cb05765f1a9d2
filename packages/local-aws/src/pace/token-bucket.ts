/**
 * A token bucket: units return at a steady rate, up to `capacity`. A call is admitted while any unit is left, and its
 * cost, which only its answer reveals, is taken afterwards. The level may fall below zero, so that the limit holds on
 * average.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #level: number;
  #asOfMs: number;

  /** Starts full. Default capacity: the units of one second. */
  constructor(perSecond: number, nowMs: number, capacity = perSecond) {
    this.#perSecond = perSecond;
    this.#capacity = capacity;
    this.#level = capacity;
    this.#asOfMs = nowMs;
  }

  /** Units left; may be negative. */
  level(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.#asOfMs);
    this.#level = Math.min(this.#capacity, this.#level + (elapsedMs / 1000) * this.#perSecond);
    this.#asOfMs = Math.max(this.#asOfMs, nowMs);
    return this.#level;
  }

  /** Takes units, even if that makes the level negative. */
  take(units: number, nowMs: number): void {
    this.#level = this.level(nowMs) - units;
  }

  /** Takes `units` if available. More units than the capacity are taken from a full bucket. */
  tryTake(units: number, nowMs: number): boolean {
    if (this.level(nowMs) < Math.min(units, this.#capacity)) return false;
    this.take(units, nowMs);
    return true;
  }
}
