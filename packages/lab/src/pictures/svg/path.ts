import { coordinate } from './element.ts';
import type { Point } from './geometry.ts';

/** Straight lines through the points, with round corners of at most this radius: the value of an attribute `d`. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const corners = points.map((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined) return `M${at(point)}`;
    if (after === undefined) return `L${at(point)}`;
    const reach = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
    return `L${at(towards(point, before, reach))}Q${at(point)} ${at(towards(point, after, reach))}`;
  });
  return corners.join('');
}

function at({ x, y }: Point): string {
  return `${coordinate(x)},${coordinate(y)}`;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The point at this distance from `from` on the way to `to`. */
function towards(from: Point, to: Point, reach: number): Point {
  const length = distance(from, to);
  if (length === 0) return from;
  const share = reach / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
