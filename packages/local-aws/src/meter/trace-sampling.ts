/** The sampled share of the requests after the first of each second. */
export const FIXED_RATE = 0.05;

/**
 * X-Ray's default sampling rule: the first request of each second and 5 % of the others.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html The 5 % are counted as fractions
 * of a trace, not drawn at random.
 */
export class TraceSampling {
  #second = Number.NaN;

  /** The sampled share of a request at this time: 1 or 0.05. */
  sampled(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    if (second === this.#second) return FIXED_RATE;
    this.#second = second;
    return 1;
  }
}
