import { drawRectangle, drawSymbol, drawText } from '../svg/draw.ts';
import { coordinate, element } from '../svg/element.ts';
import { type Box, center } from '../svg/geometry.ts';
import type { StateNode } from './graph.ts';
import { captionService } from './labels.ts';
import { measures } from './measures.ts';

const { slant, titleHeight, iconSize, dotRadius } = measures;

/** From the middle of a line of names to its baseline. */
const BASELINE = 4.5;

/** Markup of a state without what it contains: its outline, its name and its caption. */
export function drawShape(node: StateNode, box: Box): string[] {
  switch (node.kind) {
    case 'Start':
      return [circle('dot', box, dotRadius)];
    case 'End':
      return [circle('ring', box, dotRadius - 0.75), circle('dot', box, dotRadius - 3)];
    case 'Choice':
      return [element('path', { class: 'box', d: hexagon(box) }), drawName(node, box)];
    case 'Task':
      return drawTask(node, box);
    case 'Map':
      return [drawRectangle('box', { ...box, x: box.x + 4, y: box.y + 4 }, frameRadius(box)), ...drawFrame(node, box)];
    case 'Parallel':
      return drawFrame(node, box);
    case 'Pass':
      return [drawRectangle('box', box, 2), ...drawNameAfter(icons.Pass, node, box)];
    case 'Wait':
    case 'Succeed':
    case 'Fail':
      return [drawRectangle('box', box, box.height / 2), ...drawNameAfter(icons[node.kind], node, box)];
  }
}

/** Within a square of 12 by 12 around the origin. */
const icons = {
  Pass: 'M-5,-3H4M1.5,-5.5L4,-3L1.5,-0.5M5,3H-4',
  Wait: 'M-6,0A6,6 0 1 1 6,0A6,6 0 1 1 -6,0M0,-3V0L2.5,1.5',
  Succeed: 'M-5,0.5L-1.5,4L5,-4',
  Fail: 'M-4,-4L4,4M4,-4L-4,4',
} as const;

function drawName({ name }: StateNode, box: Box): string {
  const { x, y } = center(box);
  return drawText('name', name, { x, y: y + BASELINE }, 'middle');
}

function drawNameAfter(icon: string, { name }: StateNode, box: Box): string[] {
  const { y } = center(box);
  const x = box.x + 12 + iconSize;
  return [drawSymbol('icon', icon, { x: x - iconSize / 2, y }), drawText('name', name, { x: x + 7, y: y + BASELINE })];
}

/** A Task has a stripe in the colour of its service. */
function drawTask({ name, caption }: StateNode, box: Box): string[] {
  const { x, y } = center(box);
  const service = captionService(caption)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const inset = Math.min(9, box.height / 4);
  const stripe = { x: box.x + 6, y: box.y + inset, width: 3.5, height: box.height - inset * 2 };
  return [
    drawRectangle('box', box, 8),
    drawRectangle(`accent ${service}`, stripe, 1.75),
    drawText('name', name, { x: x + 3, y: y - 2.5 }, 'middle'),
    drawText('caption', caption, { x: x + 3, y: y + 12.5 }, 'middle'),
  ];
}

function drawFrame({ name, caption }: StateNode, box: Box): string[] {
  const y = box.y + titleHeight / 2 + BASELINE;
  return [
    drawRectangle('box', box, frameRadius(box)),
    drawText('name', name, { x: box.x + 14, y }),
    drawText('caption', caption, { x: box.x + box.width - 14, y }, 'end'),
  ];
}

function frameRadius({ height }: Box): number {
  return Math.min(10, height / 4);
}

function circle(className: string, box: Box, radius: number): string {
  const { x, y } = center(box);
  return element('circle', { class: className, cx: x, cy: y, r: radius });
}

function hexagon({ x, y, width, height }: Box): string {
  const corners = [
    [x + slant, y],
    [x + width - slant, y],
    [x + width, y + height / 2],
    [x + width - slant, y + height],
    [x + slant, y + height],
    [x, y + height / 2],
  ];
  return `M${corners.map((corner) => corner.map(coordinate).join(',')).join('L')}Z`;
}
