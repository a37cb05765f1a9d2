/**
 * How many of the rows the first column takes: all of them, or, where that is taller than `tallest`, about half the
 * height. `mayEnd` tells whether it may end after a given number of rows.
 */
export function firstColumn(
  heights: readonly number[],
  gap: number,
  tallest: number,
  mayEnd: (count: number) => boolean,
): number {
  const height = (part: readonly number[]) => part.reduce((sum, row) => sum + row + gap, -gap);
  if (height(heights) <= tallest) return heights.length;
  let best = { taller: Number.POSITIVE_INFINITY, count: heights.length };
  for (let count = 1; count < heights.length; count++) {
    const taller = Math.max(height(heights.slice(0, count)), height(heights.slice(count)));
    if (mayEnd(count) && taller < best.taller) best = { taller, count };
  }
  return best.count;
}
