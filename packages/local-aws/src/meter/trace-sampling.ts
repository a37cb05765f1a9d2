/** Of the traces beyond the first of a second. */
export const FIXED_RATE = 0.05;

/**
 * X-Ray's default sampling rule: the first request of each second and 5 % of the others.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html Here the 5 % are counted as fractions
 * rather than drawn.
 */
export class TraceSampling {
  #second = Number.NaN;

  /** How much of a trace a request at this time is. */
  sampled(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    if (second === this.#second) return FIXED_RATE;
    this.#second = second;
    return 1;
  }
}
