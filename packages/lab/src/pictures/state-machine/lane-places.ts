import type { Obstacle } from './obstacles.ts';

/** Between two lanes. */
const LANE_GAP = 10;

/** Between a lane and what it passes. */
const CLEARANCE = 10;

/** Where a lane begins and ends. */
export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/**
 * How far each lane is from the middle of the column: as near as the obstacles beside it and the lanes before it allow.
 * A lane that passes nothing keeps clear of the whole column. `lanes` are ordered from the column outwards.
 */
export function placeLanes(lanes: readonly Span[], obstacles: readonly Obstacle[]): number[] {
  const placed: Obstacle[] = [];
  return lanes.map(({ top, bottom }) => {
    const beside = ({ top: otherTop, bottom: otherBottom }: Span) =>
      otherTop < bottom + LANE_GAP && otherBottom > top - LANE_GAP;
    const passed = obstacles.filter(beside);
    const reach = Math.max(
      ...(passed.length === 0 ? obstacles : passed).map((obstacle) => obstacle.reach + CLEARANCE),
      ...placed.filter(beside).map((lane) => lane.reach + LANE_GAP),
    );
    placed.push({ top, bottom, reach });
    return reach;
  });
}
