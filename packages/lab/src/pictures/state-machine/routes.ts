import { type Box, center, type Point } from '../svg/geometry.ts';
import type { PlacedEdge } from './layout.ts';
import { entryKey, exitKey } from './lines.ts';
import { measures } from './measures.ts';
import type { Side } from './outline.ts';
import type { Plan } from './plan.ts';
import type { Lane } from './ways.ts';

/** Where everything is that a line may touch. */
export interface Places {
  box(node: number): Box;
  /** Where the end of a transition touches the side of a state, by the key of the end. */
  port(key: string): Point & { readonly side: Side };
  laneX(lane: Lane): number;
}

/** A label's baseline is so far above its line, or so far below, where the line turns upwards. */
const ABOVE = 3.5;
const BELOW = 11;

/** The lines of all transitions. */
export function routeTransitions({ ways, order, transition }: Plan, { box, port, laneX }: Places): PlacedEdge[] {
  const edge = (index: number, points: readonly Point[], label?: PlacedEdge['label']): PlacedEdge => ({
    transition: transition(index),
    points,
    ...(label !== undefined && transition(index).label !== '' && { label }),
  });

  const down = ways.down.map((index) => {
    const from = box(transition(index).from);
    const start = { x: center(from).x, y: from.y + from.height };
    const end = { x: start.x, y: box(transition(index).to).y };
    const label = { x: start.x + measures.labelGap, y: (start.y + end.y) / 2 + 2, anchor: 'start' } as const;
    return edge(index, [start, end], label);
  });

  const aside = ways.aside.map((index) => {
    const { from, to } = transition(index);
    if (order.leaves.get(from) === to) {
      const start = port(exitKey(index));
      const end = { x: center(box(to)).x, y: box(to).y };
      return edge(index, elbow(start, end), labelBeside(box(from), start, -ABOVE));
    }
    if (order.detours.get(from) === to) {
      const start = port(exitKey(index));
      const end = { x: center(box(to)).x, y: box(to).y + box(to).height };
      return edge(index, elbow(start, end), labelBeside(box(from), start, BELOW));
    }
    const end = port(entryKey(index));
    return edge(index, elbow(end, { x: center(box(from)).x, y: box(from).y }).toReversed());
  });

  /** The label of a detour is below its line. That of the next line at the same side goes below its own line, too. */
  const offset = (from: number, start: { y: number; side: Side }) => {
    const to = order.detours.get(from);
    const detour = ways.aside.find((index) => transition(index).from === from && transition(index).to === to);
    const isNext = detour !== undefined && start.side === 'left' && port(exitKey(detour)).y < start.y;
    return isNext ? BELOW : -ABOVE;
  };
  const sideways = ways.gutters.flat().flatMap((lane) =>
    lane.uses.map((use) => {
      const start = port(exitKey(use.transition));
      const end = port(entryKey(use.transition));
      const x = laneX(lane);
      const points = [start, { x, y: start.y }, { x, y: end.y }, end];
      return edge(use.transition, points, labelBeside(box(use.from), start, offset(use.from, start)));
    }),
  );
  return [...down, ...aside, ...sideways];
}

/** From a side of a state to the top or the bottom of another. */
function elbow(side: Point, end: Point): Point[] {
  return [side, { x: end.x, y: side.y }, end];
}

function labelBeside(from: Box, port: Point & { readonly side: Side }, offset: number): PlacedEdge['label'] {
  const y = port.y + offset;
  return port.side === 'left'
    ? { x: from.x - measures.labelGap, y, anchor: 'end' }
    : { x: from.x + from.width + measures.labelGap, y, anchor: 'start' };
}
