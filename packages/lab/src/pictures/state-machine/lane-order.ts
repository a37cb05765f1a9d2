import type { Side } from './outline.ts';
import type { Lane } from './ways.ts';

/** Beyond this many lanes not all orders are tried. */
const MOST_TO_PERMUTE = 6;

/**
 * Orders the lanes of one gutter from the left to the right so that lines cross as little as possible, then so that
 * they are short. `heightOf` gives the height at which a state's lines begin and end.
 */
export function orderLanes(lanes: readonly Lane[], heightOf: (node: number) => number): Lane[] {
  const length = (lane: Lane) => laneEnds(lane, heightOf).bottom - laneEnds(lane, heightOf).top;
  const byLength = lanes.toSorted((a, b) => length(a) - length(b));
  if (lanes.length > MOST_TO_PERMUTE) return byLength;
  let best = { cost: Number.POSITIVE_INFINITY, order: byLength };
  for (const order of permutations(byLength)) {
    const cost = costOf(order, heightOf);
    if (cost < best.cost) best = { cost, order };
  }
  return best.order;
}

/** Where a lane begins and ends, about: the ports of a state are above and below the middle of its lines. */
function laneEnds({ to, uses }: Lane, heightOf: (node: number) => number): { top: number; bottom: number } {
  const heights = [to, ...uses.map(({ from }) => from)].map(heightOf);
  return { top: Math.min(...heights), bottom: Math.max(...heights) };
}

/** A crossing weighs more than any number of lanes that a line passes. */
function costOf(order: readonly Lane[], heightOf: (node: number) => number): number {
  let cost = 0;
  for (const [place, lane] of order.entries()) {
    const passed = (side: Side) => (side === 'right' ? order.slice(0, place) : order.slice(place + 1));
    const add = (side: Side, height: number) => {
      for (const other of passed(side)) {
        const { top, bottom } = laneEnds(other, heightOf);
        cost += top < height && height < bottom ? 1000 : 1;
      }
    };
    for (const { exit, from } of lane.uses) add(exit, heightOf(from));
    add(lane.entry, heightOf(lane.to));
  }
  return cost;
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, first] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest];
  }
}
