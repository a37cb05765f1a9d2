const MULTIPLIER = 0x5deece66dn;
const ADDEND = 0xbn;
const MASK = (1n << 48n) - 1n;

/**
 * The first `nextDouble()` of `java.util.Random` for a seed, an integer: the value of `$random(seed)` on AWS
 * (floci-io/floci#2662). The generator is defined by its documentation.
 * {@link https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Random.html}
 */
export function javaRandom(seed: number): number {
  let state = (BigInt(seed) ^ MULTIPLIER) & MASK;
  const next = (bits: bigint): bigint => {
    state = (state * MULTIPLIER + ADDEND) & MASK;
    return state >> (48n - bits);
  };
  return Number((next(26n) << 27n) + next(27n)) / 2 ** 53;
}
