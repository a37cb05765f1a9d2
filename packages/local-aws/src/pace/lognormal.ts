import type { Random } from '@tweet-pipes/kit/random';

/** Median and 99th percentile in milliseconds: 0 < p50Ms <= p99Ms. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;
/**
 * Draws are cut at this many standard deviations: the figures say nothing about the extreme tail of AWS's latency.
 */
const MAX_DEVIATIONS = 4;

/**
 * Draws a value in milliseconds from the lognormal distribution with these percentiles. Uses two numbers of `random`.
 */
export function drawMs({ p50Ms, p99Ms }: Percentiles, random: Random): number {
  const sigma = Math.log(p99Ms / p50Ms) / Z99;
  return p50Ms * Math.exp(sigma * standardNormal(random));
}

/**
 * Draws a number of the standard normal distribution, cut at four deviations. Uses two numbers of `random`. Box-Muller
 * transform, https://doi.org/10.1214/aoms/1177706645.
 */
export function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  const value = radius * Math.cos(2 * Math.PI * random.next());
  return Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, value));
}
