/**
 * Limits the number of concurrent calls by additive increase and multiplicative decrease: each round of accepted calls
 * adds one, a throttled call halves the limit, so that writers share a stream evenly. The limit starts at `maximum` and
 * stays between 1 and that.
 */
export class CallsInFlight {
  readonly #maximum: number;
  #limit: number;
  /** Incremented by each decrease. A throttled call of an earlier round does not decrease the limit again. */
  #round = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
    this.#limit = maximum;
  }

  /** Calls that may be in flight now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Read when a call starts, for {@link answered}. */
  get round(): number {
    return this.#round;
  }

  /** Adjusts the limit to the answer of a call that started in `round`. */
  answered(round: number, isThrottled: boolean): void {
    if (!isThrottled) this.#limit = Math.min(this.#maximum, this.#limit + 1 / this.#limit);
    else if (round === this.#round) {
      this.#limit = Math.max(1, this.#limit / 2);
      this.#round += 1;
    }
  }
}
