import type { Box } from '../svg/geometry.ts';
import type { StateGraph } from './graph.ts';
import { placeGutters } from './gutters.ts';
import { orderLanes } from './lane-order.ts';
import type { Layout, SizedNode } from './layout.ts';
import { findLines } from './lines.ts';
import { outlineX } from './outline.ts';
import { existing, makePlan } from './plan.ts';
import { findPorts } from './ports.ts';
import { routeTransitions } from './routes.ts';
import { placeRows } from './rows.ts';

/**
 * Lays out a scope as one line of states that reads downwards, in two columns where one would be taller than `tallest`
 * user units. Transitions that skip states, go back or change the column run in lanes beside the columns. No line
 * passes through a state. `sized` belongs to `graph.nodes`, place by place.
 */
export function layOutSpine(graph: StateGraph, sized: readonly SizedNode[], tallest: number): Layout {
  const plan = makePlan(graph, sized, tallest);
  const lines = findLines(plan);
  const rows = placeRows(plan, lines);
  const lanes = plan.ways.gutters.map((gutter) => orderLanes(gutter, rows.lineY));
  const ports = findPorts(lines, lanes, rows.lineY);
  const gutters = placeGutters(plan, rows, ports, lanes);

  const boxes = new Map<number, Box>();
  for (const [index, column] of plan.columns.entries()) {
    for (const node of column.flatMap(plan.row)) {
      const box = existing(rows.boxes.get(node), node);
      boxes.set(node, { ...box, x: box.x + existing(gutters.axes[index], index) });
    }
  }
  const box = (node: number) => existing(boxes.get(node), node);
  const port = (key: string) => {
    const { node, side, y } = existing(ports.get(key), key);
    return { x: outlineX(plan.size(node).node.kind, box(node), side, y), y, side };
  };
  return {
    width: gutters.width,
    height: Math.max(...[...boxes.values()].map(({ y, height }) => y + height)),
    nodes: sized.map(({ node, inner }, index) => ({ node, inner, box: box(index) })),
    edges: routeTransitions(plan, { box, port, laneX: gutters.laneX }),
  };
}
