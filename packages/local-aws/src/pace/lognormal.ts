import type { Random } from '@tweet-pipes/kit/random';

/** Where half and 99 of 100 values lie at most, in milliseconds: 0 < p50Ms <= p99Ms. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;
/**
 * No draw is further out than this many standard deviations: one call in 30,000 at the top of a machine word of chance
 * is no fact about AWS.
 */
const MOST_DEVIATIONS = 4;

/**
 * A value of the lognormal distribution with these two percentiles, in milliseconds; two numbers of `random` are used.
 */
export function drawMs({ p50Ms, p99Ms }: Percentiles, random: Random): number {
  const sigma = Math.log(p99Ms / p50Ms) / Z99;
  return p50Ms * Math.exp(sigma * standardNormal(random));
}

/** Box and Muller, https://doi.org/10.1214/aoms/1177706645. */
function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  const value = radius * Math.cos(2 * Math.PI * random.next());
  return Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, value));
}
