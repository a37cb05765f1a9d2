import type { StateGraph, StateNode } from './graph.ts';
import type { Layout, SizedNode } from './layout.ts';
import { measures, nodeSize, titleWidth } from './measures.ts';
import { layOutSpine } from './spine.ts';

const { titleHeight, framePadding } = measures;

/** Lays out a state machine in one column, or in two where one would be taller than `tallest` user units. */
export function layOutStates(graph: StateGraph, tallest: number): Layout {
  return layOutSpine(graph, graph.nodes.map(sizeNode), tallest);
}

/**
 * Gives a state its size. What a Map or a Parallel state runs is laid out first, so the state is a box of known size.
 */
function sizeNode(node: StateNode): SizedNode {
  if (node.inner.length === 0) return { node, inner: [], ...nodeSize(node) };
  const layouts = node.inner.map((graph) => layOutStates(graph, Number.POSITIVE_INFINITY));
  const content = layouts.reduce((sum, { width }) => sum + width, framePadding * (layouts.length - 1));
  const width = Math.max(titleWidth(node), content + framePadding * 2);
  let x = (width - content) / 2;
  const inner = layouts.map((layout) => {
    const origin = { x, y: titleHeight };
    x += layout.width + framePadding;
    return { origin, layout };
  });
  const height = titleHeight + Math.max(...layouts.map((layout) => layout.height)) + framePadding;
  return { node, inner, width, height };
}
