import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatDuration, formatNumber } from '../../../app/format.ts';
import { Icon } from '../../../components/icon.ts';
import { type Overlay, type StateSummary, transitionKey } from '../overlay.ts';
import { statuses } from '../status.ts';
import type { DefinedMachine, DefinedState } from './definition.ts';
import { type Box, LABEL_CHARACTERS, type Layout, type Line, layOut, type Point } from './layout.ts';
import { fitBox, panBox, type Size, startBox, type ViewBox, zoomBox } from './view-box.ts';

export interface StateGraphProps {
  machine: DefinedMachine;
  overlay: Overlay;
  /** Name of the chosen state. */
  chosen: string | undefined;
  onChoose(name: string): void;
}

/** What the parts of a drawing share. */
interface Drawing extends Omit<StateGraphProps, 'machine'> {
  isOpen(state: DefinedState): boolean;
  onFold(name: string, isOpen: boolean): void;
}

/** Pixels of a line for a wheel that counts in lines. */
const LINE_PX = 16;

/**
 * The graph of a definition, coloured by what ran. Maps that did not run are closed at first. It moves by dragging and
 * by arrow keys, and zooms by its buttons, by + and -, and by the wheel with Ctrl.
 */
export function StateGraph(props: StateGraphProps): VNode {
  const { machine, overlay } = props;
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const isOpen = (state: DefinedState) => folds.get(state.name) ?? overlay.states.has(state.name);
  const openNames = openStates(machine, isOpen).join('\n');
  const layout = useMemo(() => layOut(machine, isOpen), [machine, openNames]);
  const onFold = (name: string, isOpen: boolean) => setFolds((before) => new Map(before).set(name, isOpen));
  const { area, screen, box, setBox } = useViewBox(layout);
  const dragged = useDragging(box, setBox, screen, layout);
  const zoom = (factor: number) => setBox(zoomBox(box, factor, screen));
  const drawing: Drawing = { ...props, isOpen, onFold };
  return html`<div class="graph">
    <div class="graph-tools" role="toolbar" aria-label="Zoom">
      <${Tool} label="Zoom in" icon="plus" onClick=${() => zoom(1.25)} />
      <${Tool} label="Zoom out" icon="minus" onClick=${() => zoom(0.8)} />
      <${Tool} label="Show all" icon="fit" onClick=${() => setBox(fitBox(layout, screen))} />
    </div>
    <div class="graph-area" ref=${area} tabindex="0" role="group"
      aria-label="State graph; arrow keys move it, plus and minus zoom"
      onKeyDown=${(event: KeyboardEvent) => setBox(moveByKey(event, box, screen, layout))} ...${dragged}>
      <svg viewBox=${`${box.x} ${box.y} ${box.width} ${box.height}`} width=${screen.width} height=${screen.height}>
        <defs>${['next', 'catch'].map(
          (kind) =>
            html`<marker id=${`tip-${kind}`} class=${kind} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
              markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" /></marker>`,
        )}</defs>
        <${Part} layout=${layout} drawing=${drawing} />
      </svg>
    </div>
    <${Legend} />
  </div>`;
}

function openStates(machine: DefinedMachine, isOpen: (state: DefinedState) => boolean): string[] {
  return machine.states.flatMap((state) =>
    state.inner.length > 0 && isOpen(state)
      ? [state.name, ...state.inner.flatMap((one) => openStates(one, isOpen))]
      : [],
  );
}

/** The shown part. It starts anew when another size of drawing comes. */
function useViewBox(layout: Layout) {
  const area = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<Size>({ width: 800, height: 600 });
  const [moved, setMoved] = useState<{ box: ViewBox; of: Layout }>();
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const measure = () => setScreen({ width: element.clientWidth || 800, height: element.clientHeight || 600 });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const start = useMemo(() => startBox(layout, screen), [layout, screen]);
  const box = moved?.of === layout ? moved.box : start;
  return { area, screen, box, setBox: (next: ViewBox) => setMoved({ box: next, of: layout }) };
}

/** Handlers that drag the drawing with the pointer and zoom with the wheel. */
function useDragging(box: ViewBox, setBox: (box: ViewBox) => void, screen: Size, layout: Size) {
  const from = useRef<Point>(undefined);
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button === 0) from.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove(event: PointerEvent) {
      if (from.current === undefined || event.buttons === 0) return;
      const by = {
        x: (from.current.x - event.clientX) / screen.width,
        y: (from.current.y - event.clientY) / screen.height,
      };
      from.current = { x: event.clientX, y: event.clientY };
      setBox(panBox(box, by, layout));
    },
    onPointerUp() {
      from.current = undefined;
    },
    /** The keyboard reaches states that are out of sight. */
    onFocusIn({ target, currentTarget }: FocusEvent) {
      if (target === currentTarget || from.current !== undefined) return;
      const [place, frame] = [rectangleOf(target), rectangleOf(currentTarget)];
      const by = {
        x: outside(place.left, place.width, frame.left, frame.width) / screen.width,
        y: outside(place.top, place.height, frame.top, frame.height) / screen.height,
      };
      if (by.x !== 0 || by.y !== 0) setBox(panBox(box, by, layout));
    },
    onWheel(event: WheelEvent) {
      if (!event.ctrlKey && !event.metaKey) return; // The page scrolls.
      event.preventDefault();
      const { left, top, width, height } = rectangleOf(event.currentTarget);
      const at = { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1);
      setBox(zoomBox(box, Math.exp(-pixels / 400), screen, at));
    },
  };
}

function rectangleOf(target: EventTarget | null): { left: number; top: number; width: number; height: number } {
  return target instanceof Element ? target.getBoundingClientRect() : { left: 0, top: 0, width: 1, height: 1 };
}

/** How far a span has to move to be inside of a frame, in pixels; beside the middle where it is outside. */
function outside(start: number, length: number, frameStart: number, frameLength: number): number {
  const isInside = start >= frameStart && start + length <= frameStart + frameLength;
  return isInside ? 0 : start + length / 2 - (frameStart + frameLength / 2);
}

function moveByKey(event: KeyboardEvent, box: ViewBox, screen: Size, layout: Size): ViewBox {
  if (event.target !== event.currentTarget) return box;
  const steps: Readonly<Record<string, Point>> = {
    ArrowLeft: { x: -0.15, y: 0 },
    ArrowRight: { x: 0.15, y: 0 },
    ArrowUp: { x: 0, y: -0.15 },
    ArrowDown: { x: 0, y: 0.15 },
  };
  const step = steps[event.key];
  const factor = event.key === '+' || event.key === '=' ? 1.25 : event.key === '-' ? 0.8 : undefined;
  if (step === undefined && factor === undefined) return box;
  event.preventDefault();
  return step === undefined ? zoomBox(box, factor ?? 1, screen) : panBox(box, step, layout);
}

function Tool(props: { label: string; icon: string; onClick(): void }): VNode {
  return html`<button type="button" class="tool" title=${props.label} aria-label=${props.label}
    onClick=${props.onClick}><${Icon} name=${props.icon} /></button>`;
}

const legend = ['succeeded', 'running', 'caught', 'failed', 'aborted'] as const;

function Legend(): VNode {
  return html`<ul class="legend" aria-label="Colours">
    ${legend.map(
      (status) => html`<li key=${status}>
        <span class="swatch ${statuses[status].tone}" aria-hidden="true"></span>${statuses[status].word}</li>`,
    )}
    <li><span class="swatch idle" aria-hidden="true"></span>Did not run</li>
  </ul>`;
}

function Part({ layout, drawing }: { layout: Layout; drawing: Drawing }): VNode {
  return html`
    ${layout.boxes.map((box) => html`<${BoxOf} key=${box.state?.name ?? box.kind} box=${box} drawing=${drawing} />`)}
    <g aria-hidden="true">${layout.lines.map(
      (line) => html`<${LineOf} key=${`${line.from}>${line.to}`} line=${line} drawing=${drawing} />`,
    )}</g>`;
}

function LineOf({ line, drawing }: { line: Line; drawing: Drawing }): VNode {
  const { points, kind, labels, labelAt, from, to } = line;
  const label = labels.join(' or ');
  const wasTaken = drawing.overlay.taken.has(transitionKey(from, to));
  return html`<g class="line ${kind} ${wasTaken ? 'taken' : ''}">
    <path d=${pathOf(points)} marker-end=${`url(#tip-${kind === 'catch' ? 'catch' : 'next'})`} />
    ${
      labelAt &&
      html`<text x=${labelAt.x} y=${labelAt.y + 4}>${cut(label, LABEL_CHARACTERS)}<title>${label}</title></text>`
    }
  </g>`;
}

function BoxOf({ box, drawing }: { box: Box; drawing: Drawing }): VNode {
  const { state, x, y, width, height, kind } = box;
  const [left, top] = [x - width / 2, y - height / 2];
  if (state === undefined) {
    return html`<g class="terminal" aria-hidden="true">
      <rect x=${left} y=${top} width=${width} height=${height} rx=${height / 2} />
      <text x=${x} y=${y + 4}>${kind === 'start' ? 'Start' : 'End'}</text></g>`;
  }
  const summary = drawing.overlay.states.get(state.name);
  const tone = summary === undefined ? 'idle' : statuses[summary.status].tone;
  const isContainer = state.inner.length > 0;
  const titleHeight = isContainer ? Math.min(height, 44) : height;
  const detail = describeRuns(state, summary);
  const choose = () => drawing.onChoose(state.name);
  return html`<g class="state ${tone} ${drawing.chosen === state.name ? 'chosen' : ''}">
    <rect class="box" x=${left} y=${top} width=${width} height=${height} rx="8" />
    <g class="title" role="button" tabindex="0" aria-pressed=${drawing.chosen === state.name}
      aria-label=${`${state.name} ${detail}, ${summary === undefined ? 'did not run' : statuses[summary.status].word}`}
      onClick=${choose} onKeyDown=${onActivation(choose)}>
      <rect class="hit" x=${left} y=${top} width=${width} height=${titleHeight} rx="8" />
      <rect class="mark" x=${left} y=${top} width="5" height=${titleHeight} rx="2" />
      <text class="name" x=${left + 16} y=${top + 19}>${state.name}</text>${' '}
      <text class="detail" x=${left + 16} y=${top + 34}>${detail}</text>
    </g>
    ${isContainer && html`<${FoldButton} box=${box} state=${state} drawing=${drawing} />`}
    ${box.inner.map(
      ({ layout, left, top }, index) => html`<g key=${index} transform=${`translate(${left},${top})`}>
        <${Part} layout=${layout} drawing=${drawing} /></g>`,
    )}
  </g>`;
}

function FoldButton({ box, state, drawing }: { box: Box; state: DefinedState; drawing: Drawing }): VNode {
  const isOpen = drawing.isOpen(state);
  const fold = () => drawing.onFold(state.name, !isOpen);
  const [x, y] = [box.x + box.width / 2 - 22, box.y - box.height / 2 + 22];
  return html`<g class="fold" role="button" tabindex="0" aria-expanded=${isOpen}
    aria-label=${`${isOpen ? 'Close' : 'Open'} ${state.name}`}
    onClick=${fold} onKeyDown=${onActivation(fold)}>
    <rect x=${x - 12} y=${y - 12} width="24" height="24" rx="6" />
    <path d=${`M${x - 5},${y}h10${isOpen ? '' : `M${x},${y - 5}v10`}`} />
  </g>`;
}

/** `Task · dynamodb:updateItem`, `Map · 3 iterations · 41 ms` */
function describeRuns({ type, resource }: DefinedState, summary: StateSummary | undefined): string {
  const parts = [resource ?? type];
  if (summary === undefined) return parts.join(' · ');
  if (summary.iterations.length > 0) parts.push(`${formatNumber(summary.iterations.length)} ×`);
  else if (summary.runs.length > 1) parts.push(`${formatNumber(summary.runs.length)} ×`);
  if (summary.spanMs !== undefined) parts.push(formatDuration(summary.spanMs));
  return parts.join(' · ');
}

function onActivation(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    act();
  };
}

/** Straight through the first and the last point, rounded between. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    return next === undefined
      ? `L${point.x},${point.y}`
      : `Q${point.x},${point.y} ${(point.x + next.x) / 2},${(point.y + next.y) / 2}`;
  });
  return `M${first.x},${first.y}${parts.join('')}`;
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
