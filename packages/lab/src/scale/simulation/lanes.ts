/**
 * Duration of `items` that run on `lanes` in parallel, as the iterations of a Map do; milliseconds. `took` returns the
 * duration of each item, in order.
 */
export function untilAllDone(items: number, lanes: number, took: (item: number) => number): number {
  const freeAt = new Float64Array(Math.max(1, Math.min(lanes, items)));
  for (let item = 0; item < items; item += 1) {
    let first = 0;
    for (let lane = 1; lane < freeAt.length; lane += 1) if ((freeAt[lane] ?? 0) < (freeAt[first] ?? 0)) first = lane;
    freeAt[first] = (freeAt[first] ?? 0) + took(item);
  }
  return freeAt.reduce((most, each) => Math.max(most, each), 0);
}
