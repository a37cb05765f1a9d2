import type { StateGraph } from './graph.ts';

/** The states of a scope one below the other, and those that stand at the side. Numbers are places in `nodes`. */
export interface SpineOrder {
  /** From the first to the last. Every transition goes downwards, but those that repeat something. */
  readonly spine: readonly number[];
  /** By its source: the one end that only this state leads to. It hangs at the left. */
  readonly leaves: ReadonlyMap<number, number>;
  /** By its source: the state through which the source goes back to the state directly above. It stands at the left. */
  readonly detours: ReadonlyMap<number, number>;
}

/**
 * Orders the states so that the reader meets each after all that lead to it, and in the definition's order where that
 * leaves a choice.
 */
export function spineOrder(graph: StateGraph): SpineOrder {
  const leaves = findLeaves(graph);
  const detours = findDetours(graph);
  for (;;) {
    const spine = topologicalOrder(graph, new Set([...leaves.values(), ...detours.values()]));
    const misplaced = [...detours].filter(([source, detour]) => {
      const above = spine[spine.indexOf(source) - 1];
      return above === undefined || !targetsOf(graph, detour).includes(above);
    });
    for (const [source] of misplaced) detours.delete(source);
    // A detour needs the room at the left of its two rows.
    const crowded = [...leaves.keys()].filter(
      (source) => detours.has(source) || detours.has(spine[spine.indexOf(source) + 1] ?? -1),
    );
    for (const source of crowded) leaves.delete(source);
    if (misplaced.length + crowded.length === 0) return { spine, leaves, detours };
  }
}

function findLeaves(graph: StateGraph): Map<number, number> {
  const leaves = new Map<number, number>();
  for (const [index, { kind }] of graph.nodes.entries()) {
    const source = only(sourcesOf(graph, index));
    if ((kind !== 'Fail' && kind !== 'Succeed') || source === undefined) continue;
    const hasOtherTargets = targetsOf(graph, source).length > 1;
    if (hasOtherTargets && !leaves.has(source)) leaves.set(source, index);
  }
  return leaves;
}

function findDetours(graph: StateGraph): Map<number, number> {
  const detours = new Map<number, number>();
  for (const [index, { kind, inner }] of graph.nodes.entries()) {
    const source = only(sourcesOf(graph, index));
    const target = only(targetsOf(graph, index));
    if (source === undefined || target === undefined || source === index) continue;
    const goesBack = targetsOf(graph, target).includes(source);
    if (kind !== 'Start' && inner.length === 0 && goesBack && !detours.has(source)) detours.set(source, index);
  }
  return detours;
}

/** Where a state's transitions come from, one by one. */
function sourcesOf({ transitions }: StateGraph, node: number): number[] {
  return transitions.filter(({ to }) => to === node).map(({ from }) => from);
}

/** Where a state's transitions lead, one by one. */
function targetsOf({ transitions }: StateGraph, node: number): number[] {
  return transitions.filter(({ from }) => from === node).map(({ to }) => to);
}

function only([first, ...others]: readonly number[]): number | undefined {
  return others.length === 0 ? first : undefined;
}

/** Depth first: the reverse of the order in which states are left is topological. Ends come last. */
function topologicalOrder(graph: StateGraph, without: ReadonlySet<number>): number[] {
  const entered = new Set(without);
  const left: number[] = [];
  const visit = (node: number) => {
    if (entered.has(node)) return;
    entered.add(node);
    const targets = targetsOf(graph, node).toReversed();
    const isEnd = (target: number) => targetsOf(graph, target).length === 0;
    for (const target of [...targets.filter(isEnd), ...targets]) visit(target);
    left.push(node);
  };
  for (const [index, { kind }] of graph.nodes.entries()) if (kind === 'End') visit(index);
  visit(0);
  for (const index of graph.nodes.keys()) visit(index);
  const unreachable = left.splice(left.indexOf(0) + 1);
  return [...left.toReversed(), ...unreachable];
}
