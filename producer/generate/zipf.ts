import type { Random } from '@tweet-pipes/kit/random';

/**
 * Draws ranks from 0 on, the k-th with weight `1 / k ** exponent`; 0 gives equal weights. Each takes one random number.
 */
export function zipf(ranks: number, exponent: number): (random: Random) => number {
  const sums = new Float64Array(ranks);
  let sum = 0;
  for (let rank = 0; rank < ranks; rank += 1) {
    sum += 1 / (rank + 1) ** exponent;
    sums[rank] = sum;
  }
  return (random) => {
    const target = random.next() * sum;
    let [low, high] = [0, ranks - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
