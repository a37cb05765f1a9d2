import type { StateGraph } from './graph.ts';
import type { Side } from './outline.ts';
import type { SpineOrder } from './spine-order.ts';

/** A transition that leaves at a side of its source and follows a lane. */
export interface LaneUse {
  /** The transition's place in the graph. */
  readonly transition: number;
  readonly from: number;
  readonly exit: Side;
}

/** A vertical line beside a column. All its uses lead to one state, at one side. */
export interface Lane {
  readonly to: number;
  readonly entry: Side;
  readonly uses: readonly LaneUse[];
}

/** How each transition of a scope is drawn. Numbers are places in the graph's `nodes` and `transitions`. */
export interface Ways {
  /** Transitions straight down to the next row. */
  readonly down: readonly number[];
  /** Transitions to and from the states at the side. */
  readonly aside: readonly number[];
  /** The lanes left of the first column, right of it, and right of the second. */
  readonly gutters: readonly (readonly Lane[])[];
}

/** Decides the way of each transition. `columns` are the states of the spine, column by column. */
export function findWays(
  { transitions }: StateGraph,
  { spine }: SpineOrder,
  columns: readonly (readonly number[])[],
): Ways {
  const columnOf = (node: number) => columns.findIndex((column) => column.includes(node));
  const isBelow = (from: number, to: number) =>
    spine.indexOf(to) === spine.indexOf(from) + 1 && columnOf(from) === columnOf(to);
  const down: number[] = [];
  const aside: number[] = [];
  const gutters = [...columns, []].map(() => new Map<string, Lane>());
  for (const [transition, { from, to, kind }] of transitions.entries()) {
    const [source, target] = [columnOf(from), columnOf(to)];
    if (source === -1 || target === -1) {
      aside.push(transition);
    } else if (isBelow(from, to) && straightOne(transitions, from, to) === transition) {
      down.push(transition);
    } else {
      const isForward = spine.indexOf(to) > spine.indexOf(from);
      const exit = isForward ? 'right' : 'left';
      const entry = source === target ? exit : isForward ? 'left' : 'right';
      const lanes = gutters[isForward ? source + 1 : source];
      const key = `${to} ${kind === 'catch'}`;
      lanes?.set(key, { to, entry, uses: [...(lanes.get(key)?.uses ?? []), { transition, from, exit }] });
    }
  }
  return { down, aside, gutters: gutters.map((lanes) => [...lanes.values()]) };
}

/**
 * Of the transitions between two states the one that is drawn straight: the first, but rather none that catches an
 * error.
 */
function straightOne(transitions: StateGraph['transitions'], from: number, to: number): number {
  const isOne = (index: number) => transitions[index]?.from === from && transitions[index]?.to === to;
  const all = [...transitions.keys()].filter(isOne);
  return all.find((index) => transitions[index]?.kind !== 'catch') ?? all[0] ?? -1;
}
