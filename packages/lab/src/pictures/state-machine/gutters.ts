import { placeLanes, type Span } from './lane-places.ts';
import { entryKey, exitKey } from './lines.ts';
import { findObstacles, type Obstacle } from './obstacles.ts';
import type { Side } from './outline.ts';
import { existing, type Plan } from './plan.ts';
import type { Port } from './ports.ts';
import type { Rows } from './rows.ts';
import type { Lane } from './ways.ts';

/** Between the lanes of the first column and the second column. */
const COLUMN_GAP = 14;

/** Where columns and lanes are, from the left edge of the scope. */
export interface Gutters {
  /** The middle of each column. */
  readonly axes: readonly number[];
  laneX(lane: Lane): number;
  readonly width: number;
}

/** Places columns and lanes from the left to the right. `ordered` are the lanes of each gutter in their order. */
export function placeGutters(
  plan: Plan,
  rows: Rows,
  ports: ReadonlyMap<string, Port>,
  ordered: readonly (readonly Lane[])[],
): Gutters {
  const [leftmost = [], ...others] = ordered;
  const obstacles = (column: number, side: Side) =>
    findObstacles(plan, rows, ports, existing(plan.columns[column], column), side);
  const span = ({ uses }: Lane): Span => {
    const keys = uses.flatMap(({ transition }) => [exitKey(transition), entryKey(transition)]);
    const heights = keys.map((key) => existing(ports.get(key), key).y);
    return { top: Math.min(...heights), bottom: Math.max(...heights) };
  };
  const farthest = (around: readonly Obstacle[], lanes: readonly number[]) =>
    Math.max(...around.map(({ reach }) => reach), ...lanes);

  const places = new Map<Lane, number>();
  const around = obstacles(0, 'left');
  const outwards = leftmost.toReversed();
  const leftPlaces = placeLanes(outwards.map(span), around);
  let x = farthest(around, leftPlaces);
  for (const [index, lane] of outwards.entries()) places.set(lane, x - (leftPlaces[index] ?? 0));
  const axes = [x];
  for (const [column, lanes] of others.entries()) {
    const atRight = obstacles(column, 'right');
    const rightPlaces = placeLanes(lanes.map(span), atRight);
    for (const [index, lane] of lanes.entries()) places.set(lane, x + (rightPlaces[index] ?? 0));
    x += farthest(atRight, rightPlaces);
    if (column + 1 < plan.columns.length) {
      x += COLUMN_GAP + farthest(obstacles(column + 1, 'left'), []);
      axes.push(x);
    }
  }
  return { axes, laneX: (lane) => existing(places.get(lane), 'lane'), width: x };
}
