import { firstColumn } from './columns.ts';
import type { StateGraph, Transition } from './graph.ts';
import type { SizedNode } from './layout.ts';
import { type SpineOrder, spineOrder } from './spine-order.ts';
import { findWays, type Ways } from './ways.ts';

/** Between a row and the next. */
export const ROW_GAP = 26;

/**
 * What a scope looks like before anything has a place. Nodes and transitions are named by their places in the graph.
 */
export interface Plan {
  readonly order: SpineOrder;
  /** The states of the spine, column by column. */
  readonly columns: readonly (readonly number[])[];
  readonly ways: Ways;
  size(node: number): SizedNode;
  transition(index: number): Transition;
  /** The states that stand in a row: one of the spine, what hangs at it, and the way back that begins there. */
  row(node: number): number[];
}

/** Plans a scope: one column, or two where one would be taller than `tallest` user units. */
export function makePlan(graph: StateGraph, sized: readonly SizedNode[], tallest: number): Plan {
  const order = spineOrder(graph);
  const { spine, leaves, detours } = order;
  const size = (node: number) => existing(sized[node], node);
  const heights = spine.map((node) => size(node).height);
  const count = firstColumn(heights, ROW_GAP, tallest, (rows) => !detours.has(spine[rows] ?? -1));
  const columns = [spine.slice(0, count), spine.slice(count)].filter((column) => column.length > 0);
  return {
    order,
    columns,
    ways: findWays(graph, order, columns),
    size,
    transition: (index) => existing(graph.transitions[index], index),
    row: (node) => [node, leaves.get(node), detours.get(node)].filter((member) => member !== undefined),
  };
}

/** What was found under a key. Throws when there is nothing, which is a defect of the layout. */
export function existing<T>(found: T | undefined, key: unknown): T {
  if (found === undefined) throw new Error(`The layout has no ${key}.`);
  return found;
}
