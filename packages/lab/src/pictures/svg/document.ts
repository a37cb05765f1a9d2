import { drawHeads, drawText } from './draw.ts';
import { element, escapeXml, group } from './element.ts';
import type { Point, Size } from './geometry.ts';
import { palette } from './palette.ts';
import { type Rules, stylesheet } from './stylesheet.ts';

/** What a picture is made of. */
export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** The looks of what is drawn, beside those that all pictures share. */
  readonly rules: Rules;
  /** How much room the content takes. */
  readonly size: Size;
  /** Markup whose coordinates count from the content's own top left corner. */
  readonly content: readonly string[];
}

/** Around the content. */
const MARGIN = 20;

/** Where the content begins, below the title. */
const origin: Point = { x: MARGIN, y: 76 };

const sans =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", "Liberation Sans", Helvetica, Arial, sans-serif';

const sharedRules: Rules = {
  text: { 'font-family': sans, fill: palette.ink },
  '.page': { fill: palette.page, stroke: palette.border },
  '.title': { 'font-size': '17px', 'font-weight': '600' },
  '.subtitle': { 'font-size': '12px', fill: palette.quiet },
  '.line': { fill: 'none', stroke: palette.line, 'stroke-width': '1.4' },
  '.head': { fill: palette.line },
  '.alert.line': { stroke: palette.alert, 'stroke-dasharray': '5 4' },
  '.alert.head': { fill: palette.alert },
};

/**
 * A picture as one file that needs nothing else. It brings its own background, so that it can be read on any page; the
 * reader's colour scheme only chooses which.
 */
export function svgDocument({ title, subtitle, rules, size, content }: Picture): string {
  const width = Math.ceil(size.width + MARGIN * 2);
  const height = Math.ceil(size.height + origin.y + MARGIN);
  const page = { class: 'page', x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 12 };
  const document = group(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, escapeXml(`${title}: ${subtitle}`)),
    // Style sheets have no characters that XML reads: neither < nor &.
    element('style', {}, `\n${stylesheet({ ...sharedRules, ...rules })}\n`),
    ...drawHeads(),
    element('rect', page),
    drawText('title', title, { x: MARGIN, y: 34 }),
    drawText('subtitle', subtitle, { x: MARGIN, y: 53 }),
    group('g', { transform: `translate(${origin.x},${origin.y})` }, ...content),
  );
  return `${document}\n`;
}
