import type { Description, Flow, Part } from './architecture/description.ts';
import { rules } from './architecture/rules.ts';
import { symbols } from './architecture/symbols.ts';
import { svgDocument } from './svg/document.ts';
import { drawLine, drawRectangle, drawSymbol, drawText } from './svg/draw.ts';
import { group } from './svg/element.ts';
import { center } from './svg/geometry.ts';

/** The side of the tile that holds a symbol. */
const TILE = 32;

/** From the middle of a line of names to its baseline. */
const BASELINE = 4.5;

/** Draws a stack as SVG, the same description always as the same text. Each part has its name as `data-part`. */
export function drawArchitecture({ title, subtitle, size, parts, flows }: Description): string {
  return svgDocument({
    title,
    subtitle,
    rules,
    size,
    content: [...Object.entries(parts).map(([name, part]) => drawPart(name, part)), ...flows.map(drawFlow)],
  });
}

function drawPart(name: string, part: Part): string {
  const draw = { card: drawCard, row: drawRow, frame: drawFrame };
  return group('g', { class: part.symbol, 'data-part': name }, ...draw[part.shape](part));
}

function drawCard({ symbol, title, caption, resources, ...box }: Part): string[] {
  const { y } = center(box);
  const tile = { x: box.x + 10, y: y - TILE / 2, width: TILE, height: TILE };
  const x = tile.x + TILE + 9;
  const isStack = resources.length > 1;
  return [
    ...(isStack ? [drawRectangle('card', { ...box, x: box.x + 4, y: box.y + 4 }, 9)] : []),
    drawRectangle('card', box, 9),
    drawRectangle('tile', tile, 7),
    drawSymbol('symbol', symbols[symbol], center(tile)),
    drawText('name', title, { x, y: y - 3 }),
    drawText('caption', caption, { x, y: y + 12 }),
    drawText('caption', isStack ? `×${resources.length}` : '', { x: box.x + box.width - 7, y: box.y + 14 }, 'end'),
  ];
}

function drawFrame({ symbol, title, caption, ...box }: Part): string[] {
  const y = box.y + 15;
  return [
    drawRectangle('frame', box, 10),
    drawText('name', title, { x: box.x + 14, y: y + BASELINE }),
    drawText('caption', caption, { x: box.x + box.width - 14, y: y + BASELINE }, 'end'),
  ];
}

function drawRow({ symbol, title, caption, ...box }: Part): string[] {
  const { y } = center(box);
  return [
    drawRectangle('card', box, 6),
    drawRectangle('tile', { x: box.x + 1, y: box.y + 1, width: 5, height: box.height - 2 }, 2.5),
    drawText('name', title, { x: box.x + 14, y: y + BASELINE }),
    drawText('caption', caption, { x: box.x + box.width - 10, y: y + BASELINE }, 'end'),
  ];
}

function drawFlow({ kind, lines, label }: Flow): string {
  const style = kind === 'failure' ? 'alert' : 'plain';
  return [
    ...lines.map((line) => drawLine(style, line, { isTwoWay: kind === 'call' })),
    ...(label === undefined ? [] : [drawText(`${kind} label`, label.text, label.at, label.anchor)]),
  ].join('\n');
}
