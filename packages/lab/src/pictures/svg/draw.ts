import { coordinate, element, escapeXml } from './element.ts';
import type { Box, Point } from './geometry.ts';
import { roundedPath } from './path.ts';

/** Which end of a text its place is. */
export type Anchor = 'start' | 'middle' | 'end';

/** A line of text at its baseline; nothing for an empty one. */
export function drawText(className: string, content: string, { x, y }: Point, anchor: Anchor = 'start'): string {
  if (content === '') return '';
  const align = anchor === 'start' ? undefined : anchor;
  return element('text', { class: className, x, y, 'text-anchor': align }, escapeXml(content));
}

/** A rectangle with round corners. */
export function drawRectangle(className: string, { x, y, width, height }: Box, radius: number): string {
  return element('rect', { class: className, x, y, width, height, rx: radius });
}

/** A symbol whose path is drawn around the origin. */
export function drawSymbol(className: string, path: string, { x, y }: Point): string {
  return element('path', { class: className, d: path, transform: `translate(${coordinate(x)},${coordinate(y)})` });
}

/** How a line looks: `plain`, or `alert` for what goes wrong, dashed in the colour of errors. */
export type LineStyle = 'plain' | 'alert';

/** The heads of lines. They stand once in each picture that has lines. */
export function drawHeads(): string[] {
  const styles: LineStyle[] = ['plain', 'alert'];
  return styles.map((style) => {
    const size = { markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse' };
    return element(
      'marker',
      { id: `${style}-head`, viewBox: '0 0 8 8', refX: 7, refY: 4, ...size, orient: 'auto-start-reverse' },
      element('path', { class: `${style} head`, d: 'M0,0.5L8,4L0,7.5Z' }),
    );
  });
}

/** A line with round corners and a head at its end, or at both ends. */
export function drawLine(
  style: LineStyle,
  points: readonly Point[],
  { isTwoWay = false, data = {} }: { isTwoWay?: boolean; data?: Readonly<Record<string, string>> } = {},
): string {
  const head = `url(#${style}-head)`;
  return element('path', {
    class: `${style} line`,
    d: roundedPath(points, 8),
    'marker-start': isTwoWay ? head : undefined,
    'marker-end': head,
    ...data,
  });
}
