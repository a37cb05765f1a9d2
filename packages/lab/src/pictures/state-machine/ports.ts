import type { Line } from './lines.ts';
import type { Side } from './outline.ts';
import { PORT_GAP } from './rows.ts';
import type { Lane } from './ways.ts';

/** An end of a transition at a side of a state. */
export interface Port {
  readonly node: number;
  readonly side: Side;
  readonly y: number;
}

/**
 * The ports of the lines, by the keys of their ends. `gutters` are the lanes in their order, `lineY` is the middle of a
 * state's lines. Lines of one side do not cross one another.
 */
export function findPorts(
  lines: readonly Line[],
  gutters: readonly (readonly Lane[])[],
  lineY: (node: number) => number,
): Map<string, Port> {
  const courses = lines.map((line) => ({ line, ...course(line, gutters, lineY) }));
  const ports = new Map<string, Port>();
  for (const side of Map.groupBy(courses, ({ line }) => `${line.node} ${line.side}`).values()) {
    for (const [index, { line }] of side.toSorted(fromTheTop).entries()) {
      const y = lineY(line.node) + (index - (side.length - 1) / 2) * PORT_GAP;
      for (const key of line.keys) ports.set(key, { node: line.node, side: line.side, y });
    }
  }
  return ports;
}

/** Where a line goes on from its state, and how many lanes lie between the state and the line's own. */
interface Course {
  readonly goes: 'up' | 'down';
  readonly reach: number;
}

function course(
  { node, side, leads }: Line,
  gutters: readonly (readonly Lane[])[],
  lineY: (node: number) => number,
): Course {
  if (leads === 'up' || leads === 'down') return { goes: leads, reach: -1 };
  const lanes = gutters.find((gutter) => gutter.includes(leads)) ?? [];
  const place = lanes.indexOf(leads);
  const others = node === leads.to ? leads.uses.map(({ from }) => from) : [leads.to];
  const isUp = others.some((other) => lineY(other) < lineY(node));
  return { goes: isUp ? 'up' : 'down', reach: side === 'right' ? place : lanes.length - 1 - place };
}

function fromTheTop(a: Course, b: Course): number {
  if (a.goes !== b.goes) return a.goes === 'up' ? -1 : 1;
  return a.goes === 'up' ? a.reach - b.reach : b.reach - a.reach;
}
