import { readAsl } from './state-machine/asl.ts';
import { stateGraph } from './state-machine/graph.ts';
import { layOutStates } from './state-machine/lay-out-states.ts';
import type { Layout, PlacedEdge, PlacedNode } from './state-machine/layout.ts';
import { drawLegend, legendHeight } from './state-machine/legend.ts';
import { rules } from './state-machine/rules.ts';
import { drawShape } from './state-machine/shapes.ts';
import { svgDocument } from './svg/document.ts';
import { drawLine, drawText } from './svg/draw.ts';
import { coordinate, group } from './svg/element.ts';

/** From this height on, in user units, a picture has two columns. */
const TALLEST_COLUMN = 1000;

/**
 * Draws a state machine as SVG, the same definition always as the same text. The definition is Amazon States Language
 * that was parsed from JSON or YAML. Each state has its path as `data-state`, each transition its ends as `data-from`
 * and `data-to`. Throws when the definition is not a state machine.
 */
export function drawStateMachine(definition: unknown, text: { title: string; subtitle: string }): string {
  const graph = stateGraph(readAsl(definition));
  const layout = layOutStates(graph, TALLEST_COLUMN);
  const legend = drawLegend(graph, layout.height);
  const width = Math.max(layout.width, legend.width);
  return svgDocument({
    ...text,
    rules,
    size: { width, height: layout.height + legendHeight },
    content: [...indented(drawLayout(layout), Math.floor((width - layout.width) / 2)), legend.svg],
  });
}

/** Moved to the right, into the middle of a picture that is wider than its states. */
function indented(content: readonly string[], by: number): readonly string[] {
  return by === 0 ? content : [group('g', { transform: `translate(${coordinate(by)},0)` }, ...content)];
}

function drawLayout({ nodes, edges }: Layout): string[] {
  const drawEdge = ({ transition, points }: PlacedEdge) => {
    const [from, to] = [nodes[transition.from], nodes[transition.to]].map((end) => end && nodeId(end));
    const data = { 'data-from': from ?? '', 'data-to': to ?? '' };
    return drawLine(transition.kind === 'catch' ? 'alert' : 'plain', points, { data });
  };
  return [...nodes.map(drawNode), ...edges.map(drawEdge), ...edges.map(drawLabel)];
}

function drawNode(placed: PlacedNode): string {
  const { node, box, inner } = placed;
  const scopes = inner.map(({ origin, layout }) => {
    const [x, y] = [box.x + origin.x, box.y + origin.y].map(coordinate);
    return group('g', { transform: `translate(${x},${y})` }, ...drawLayout(layout));
  });
  const isState = node.kind !== 'Start' && node.kind !== 'End';
  const attributes = { class: node.kind.toLowerCase(), 'data-state': isState ? nodeId(placed) : undefined };
  return group('g', attributes, ...drawShape(node, box), ...scopes);
}

function drawLabel({ transition, label }: PlacedEdge): string {
  if (label === undefined) return '';
  return drawText(transition.kind === 'catch' ? 'alert label' : 'label', transition.label, label, label.anchor);
}

/** The path of a state; of a dot, that of its scope with `^` for the start and `$` for the end. */
function nodeId({ node }: PlacedNode): string {
  const dots = node.kind === 'Start' ? ['^'] : node.kind === 'End' ? ['$'] : [];
  return [...node.path, ...dots].join('/');
}
