import { drawLine, drawText } from '../svg/draw.ts';
import { coordinate, group } from '../svg/element.ts';
import type { Box } from '../svg/geometry.ts';
import { textWidth } from '../svg/text-width.ts';
import type { StateGraph, StateNode } from './graph.ts';
import { measures } from './measures.ts';
import { drawShape } from './shapes.ts';

/** What the shapes mean, for a reader who has never seen a state machine. */
const meanings: readonly (readonly [StateNode['kind'], string])[] = [
  ['Task', 'calls a service'],
  ['Choice', 'decides'],
  ['Map', 'runs for each item'],
  ['Parallel', 'runs side by side'],
  ['Pass', 'shapes data'],
  ['Wait', 'waits'],
  ['Succeed', 'succeeds'],
  ['Fail', 'fails'],
];

const SHAPE_WIDTH = 30;
const SHAPE_HEIGHT = 18;
const ITEM_GAP = 22;

/** How much room the legend takes below the picture. */
export const legendHeight = SHAPE_HEIGHT + 30;

/** Explains, in one row at this height, the shapes that the graph has. */
export function drawLegend(graph: StateGraph, top: number): { svg: string; width: number } {
  const kinds = new Set(allNodes(graph).map(({ kind }) => kind));
  const items = meanings.filter(([kind]) => kinds.has(kind));
  let x = 0;
  const place = (meaning: string) => {
    const box = { x, y: 0, width: SHAPE_WIDTH, height: SHAPE_HEIGHT };
    x += SHAPE_WIDTH + 8 + textWidth(meaning, measures.captionSize) + ITEM_GAP;
    return { box, text: drawText('caption', meaning, { x: box.x + SHAPE_WIDTH + 8, y: SHAPE_HEIGHT / 2 + 3.5 }) };
  };
  const shapes = items.map(([kind, meaning]) => {
    const { box, text } = place(meaning);
    return group('g', { class: kind.toLowerCase() }, ...drawShape(sample(kind), sampleBox(kind, box)), text);
  });
  const catches = allGraphs(graph).some(({ transitions }) => transitions.some(({ kind }) => kind === 'catch'));
  if (catches) {
    const { box, text } = place('on an error');
    const y = SHAPE_HEIGHT / 2;
    shapes.push(
      drawLine('alert', [
        { x: box.x, y },
        { x: box.x + SHAPE_WIDTH, y },
      ]),
      text,
    );
  }
  const attributes = { class: 'legend', transform: `translate(0,${coordinate(top + legendHeight - SHAPE_HEIGHT)})` };
  return { svg: group('g', attributes, ...shapes), width: x - ITEM_GAP };
}

function sample(kind: StateNode['kind']): StateNode {
  return { kind, name: '', path: [], caption: '', inner: [] };
}

/** A pill of the size of a legend's shape would leave its icon at the side. */
function sampleBox(kind: StateNode['kind'], box: Box): Box {
  const width =
    kind === 'Wait' || kind === 'Succeed' || kind === 'Fail' || kind === 'Pass' ? 24 + measures.iconSize : box.width;
  return { ...box, x: box.x + box.width - width, width };
}

function allGraphs(graph: StateGraph): StateGraph[] {
  return [graph, ...graph.nodes.flatMap(({ inner }) => inner.flatMap(allGraphs))];
}

function allNodes(graph: StateGraph): StateNode[] {
  return allGraphs(graph).flatMap(({ nodes }) => nodes);
}
