import { Graph, layout as layOutGraph } from '@dagrejs/dagre';
import { END, START } from '../overlay.ts';
import type { DefinedMachine, DefinedState, Transition } from './definition.ts';

/** A point of the drawing, in its units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A state, a start or an end, with the middle and the size of its box. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
  /** Undefined for a start and an end. */
  readonly state?: DefinedState;
  readonly kind: 'state' | 'start' | 'end';
  /** What is inside an open Map or Parallel, with the place of its left upper corner in the box's own drawing. */
  readonly inner: readonly { readonly layout: Layout; readonly left: number; readonly top: number }[];
}

/** A transition, from box to box. */
export interface Line {
  readonly points: readonly Point[];
  readonly kind: Transition['kind'];
  readonly from: string;
  readonly to: string;
  /** What takes it: rule of a Choice, errors of a catcher. Several transitions between two states are one line. */
  readonly labels: readonly string[];
  /** Where its label stands, if it has one. */
  readonly labelAt?: Point;
}

/** A drawing of states that follow each other. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The middle of the start. */
  readonly startX: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

/** What dagre makes of a box and of a line. Its own types cannot be resolved by Node's rules. */
interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface Routed {
  readonly points: readonly Point[];
  readonly x?: number;
  readonly y?: number;
}

/** Pixels of a character of a state's name. */
const CHARACTER = 7.4;
/** Characters of what a box says about its runs: ` · 40 × · 1.25 s`. */
const TIMES_CHARACTERS = 16;
const BOX_HEIGHT = 44;
/** For the button that opens and closes a Map. */
const FOLD_ROOM = 30;
/** Above the drawing inside of a Map. */
export const TITLE_HEIGHT = 46;
/** Characters of a label on a line. */
export const LABEL_CHARACTERS = 26;

/**
 * Places the states of a machine. What is inside of a Map is laid out on its own, from the inside out, and then is one
 * box of known size: nesting is always right, whatever the lines. Maps for which `isOpen` is false are closed boxes.
 */
export function layOut(machine: DefinedMachine, isOpen: (state: DefinedState) => boolean): Layout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 26, edgesep: 14, ranksep: 34, marginx: 12, marginy: 12 });
  const inner = new Map<string, Layout[]>();
  for (const state of machine.states) {
    const layouts = isOpen(state) ? state.inner.map((one) => layOut(one, isOpen)) : [];
    inner.set(state.name, layouts);
    graph.setNode(state.name, sizeOf(state, layouts));
  }
  graph.setNode(START, { width: 56, height: 26 });
  const lines = collectLines(machine);
  if (lines.some(({ to }) => to === END)) graph.setNode(END, { width: 56, height: 26 });
  for (const { from, to, labels } of lines) graph.setEdge(from, to, labelSize(labels));
  layOutGraph(graph);
  const { width, height }: Placed = graph.graph();
  const names: readonly string[] = graph.nodes();
  const start: Placed = graph.node(START);
  return {
    width,
    height,
    startX: start.x,
    boxes: names.map((name) => {
      const state = machine.states.find((one) => one.name === name);
      return placeBox(graph.node(name), state, name === START ? 'start' : 'end', inner.get(name) ?? []);
    }),
    lines: lines.map((line) => {
      const { points, x, y }: Routed = graph.edge(line.from, line.to);
      const labelAt = line.labels.length > 0 && x !== undefined && y !== undefined ? { x, y } : undefined;
      const way = line.from === line.to ? loop(graph.node(line.from), points) : points;
      return { ...line, points: way.map(({ x, y }) => ({ x, y })), ...(labelAt === undefined ? {} : { labelAt }) };
    }),
  };
}

/** dagre keeps a loop beside its box, so its ends are led to the box. */
function loop({ x, y, width, height }: Placed, points: readonly Point[]): readonly Point[] {
  const right = x + width / 2;
  return [{ x: right, y: y - height / 4 }, ...points, { x: right, y: y + height / 4 }];
}

function sizeOf(state: DefinedState, layouts: readonly Layout[]): { width: number; height: number } {
  const { name, type, resource } = state;
  const title = Math.max(112, name.length * CHARACTER + 44, ((resource ?? type).length + TIMES_CHARACTERS) * 6 + 32);
  const fold = state.inner.length > 0 ? FOLD_ROOM : 0;
  if (layouts.length === 0) return { width: title + fold, height: BOX_HEIGHT };
  const inside = layouts.reduce((sum, layout) => sum + layout.width, 0);
  return {
    width: Math.max(title + fold, inside + 8),
    height: TITLE_HEIGHT + Math.max(...layouts.map(({ height }) => height)) + 4,
  };
}

/** The label's room, so that no label covers a box. */
function labelSize(labels: readonly string[]): { width: number; height: number; labelpos: 'c' } {
  const characters = Math.min(LABEL_CHARACTERS, Math.max(0, ...labels.map(({ length }) => length)));
  return { width: characters * 5.6 + (characters > 0 ? 8 : 0), height: characters > 0 ? 16 : 0, labelpos: 'c' };
}

function collectLines({ startAt, states }: DefinedMachine): Omit<Line, 'points' | 'labelAt'>[] {
  const names = new Set(states.map(({ name }) => name));
  const lines = new Map<string, Omit<Line, 'points' | 'labelAt'>>();
  const add = (from: string, { to, kind, label }: Transition) => {
    if (to !== END && !names.has(to)) return; // A definition that AWS would refuse.
    const before = lines.get(`${from}\0${to}`);
    const labels = [...(before?.labels ?? []), ...(label === undefined ? [] : [label])];
    lines.set(`${from}\0${to}`, { from, to, kind: before?.kind ?? kind, labels });
  };
  add(START, { to: startAt, kind: 'next' });
  for (const { name, transitions, isEnd } of states) {
    for (const transition of transitions) add(name, transition);
    if (isEnd) add(name, { to: END, kind: 'next' });
  }
  return [...lines.values()];
}

function placeBox(
  { x, y, width, height }: Placed,
  state: DefinedState | undefined,
  terminal: 'start' | 'end',
  layouts: readonly Layout[],
): Box {
  const room = layouts.reduce((sum, layout) => sum + layout.width, 0);
  let left = x - room / 2;
  const inner = layouts.map((layout) => {
    const place = { layout, left, top: y - height / 2 + TITLE_HEIGHT };
    left += layout.width;
    return place;
  });
  return {
    x,
    y,
    width,
    height,
    ...(state === undefined ? {} : { state }),
    kind: state === undefined ? terminal : 'state',
    inner,
  };
}
