/**
 * Units that come back at a steady rate, up to `capacity`. A call is let through while anything is left, and what it
 * turns out to cost is taken afterwards, so that the level may fall below zero: later calls wait for it to rise again.
 * That is how a limit is kept on average by one who learns the cost of a call only from its answer.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #level: number;
  #asOfMs: number;

  /** Full at first. `capacity` is one second's worth when left out: no burst beyond it. */
  constructor(perSecond: number, nowMs: number, capacity = perSecond) {
    this.#perSecond = perSecond;
    this.#capacity = capacity;
    this.#level = capacity;
    this.#asOfMs = nowMs;
  }

  /** What is left, also below zero. */
  level(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.#asOfMs);
    this.#level = Math.min(this.#capacity, this.#level + (elapsedMs / 1000) * this.#perSecond);
    this.#asOfMs = Math.max(this.#asOfMs, nowMs);
    return this.#level;
  }

  /** Takes what is given, whether or not it is there. */
  take(units: number, nowMs: number): void {
    this.#level = this.level(nowMs) - units;
  }

  /** Takes `units` if so many are there; a call larger than the capacity passes a full bucket, or it would never. */
  tryTake(units: number, nowMs: number): boolean {
    if (this.level(nowMs) < Math.min(units, this.#capacity)) return false;
    this.take(units, nowMs);
    return true;
  }
}
