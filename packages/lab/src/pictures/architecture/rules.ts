import { palette } from '../svg/palette.ts';
import type { Rules } from '../svg/stylesheet.ts';

/** The looks of the architecture. Parts have the name of their symbol as a class. */
export const rules: Rules = {
  '.name': { 'font-size': '12.5px', 'font-weight': '600' },
  '.caption': { 'font-size': '10.5px', fill: palette.quiet },
  '.label': { 'font-size': '10.5px', fill: palette.quiet },
  '.failure.label': { fill: palette.alert },
  '.card': { fill: palette.box, stroke: palette.boxBorder, 'stroke-width': '1.2' },
  '.frame': { fill: palette.frame, stroke: palette.frameBorder, 'stroke-width': '1.2' },
  '.tile': { fill: palette.quiet, 'fill-opacity': '0.14' },
  '.symbol': {
    fill: 'none',
    stroke: palette.quiet,
    'stroke-width': '1.6',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  },
  '.stream > .symbol, .delivery > .symbol': { stroke: palette.purple },
  '.stream > .tile, .delivery > .tile': { fill: palette.purple },
  '.pipe > .symbol': { stroke: palette.pink },
  '.pipe > .tile': { fill: palette.pink },
  '.workflow > .symbol': { stroke: palette.teal },
  '.workflow > .tile': { fill: palette.teal },
  '.table > .symbol': { stroke: palette.indigo },
  '.table > .tile': { fill: palette.indigo },
  '.bucket > .symbol': { stroke: palette.green },
  '.bucket > .tile': { fill: palette.green },
  '.function > .symbol': { stroke: palette.orange },
  '.function > .tile': { fill: palette.orange },
  '.letter > .symbol': { stroke: palette.alert },
  '.letter > .tile': { fill: palette.alert },
};
