import type { Side } from './outline.ts';
import type { Plan } from './plan.ts';
import type { Lane } from './ways.ts';

/**
 * A line at a side of a state: where a transition leaves or arrives. Transitions that share a lane arrive as one line.
 */
export interface Line {
  readonly node: number;
  readonly side: Side;
  /** The transitions' ends, by {@link exitKey} or {@link entryKey}. */
  readonly keys: readonly string[];
  /** The lane that the line leads to, or `up` or `down`, where a state stands at the side. */
  readonly leads: Lane | 'up' | 'down';
}

/** The key of the end where a transition leaves its source. */
export function exitKey(transition: number): string {
  return `exit ${transition}`;
}

/** The key of the end where a transition arrives at its target. */
export function entryKey(transition: number): string {
  return `entry ${transition}`;
}

/** The lines at the sides of all states. */
export function findLines({ order: { leaves, detours }, ways, transition }: Plan): Line[] {
  const ofLanes = ways.gutters.flat().flatMap((lane): Line[] => [
    ...lane.uses.map(({ transition, from, exit }) => ({
      node: from,
      side: exit,
      keys: [exitKey(transition)],
      leads: lane,
    })),
    { node: lane.to, side: lane.entry, keys: lane.uses.map((use) => entryKey(use.transition)), leads: lane },
  ]);
  const aside = ways.aside.map((index): Line => {
    const { from, to } = transition(index);
    if (leaves.get(from) === to) return { node: from, side: 'left', keys: [exitKey(index)], leads: 'down' };
    if (detours.get(from) === to) return { node: from, side: 'left', keys: [exitKey(index)], leads: 'up' };
    return { node: to, side: 'left', keys: [entryKey(index)], leads: 'down' };
  });
  return [...ofLanes, ...aside];
}

/** How many lines are at this side of a state. */
export function countLines(lines: readonly Line[], node: number, side: Side): number {
  return lines.filter((line) => line.node === node && line.side === side).length;
}
