/**
 * How many calls may be under way at a time, found by trial: each round of calls that the stream took adds one, a call
 * that it throttled halves them (additive increase, multiplicative decrease: writers who share a stream come to share
 * it evenly). Between 1 and `most`, where it begins.
 */
export class CallsInFlight {
  readonly #most: number;
  #limit: number;
  /** Calls that began before the last decrease, whose throttling is old news. */
  #round = 0;

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  /** Whole calls that may be under way now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Taken when a call begins, given back to {@link answered} with its answer. */
  get round(): number {
    return this.#round;
  }

  answered(round: number, isThrottled: boolean): void {
    if (!isThrottled) this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
    else if (round === this.#round) {
      this.#limit = Math.max(1, this.#limit / 2);
      this.#round += 1;
    }
  }
}
