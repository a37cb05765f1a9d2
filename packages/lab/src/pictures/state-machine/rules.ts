import { palette } from '../svg/palette.ts';
import type { Rules } from '../svg/stylesheet.ts';
import { measures } from './measures.ts';

const px = (size: number) => `${size}px`;

/** The looks of a state machine. States have the name of their type as a class, in lower case. */
export const rules: Rules = {
  '.name': { 'font-size': px(measures.nameSize), 'font-weight': '600' },
  '.caption': { 'font-size': px(measures.captionSize), fill: palette.quiet },
  '.label': { 'font-size': px(measures.labelSize), fill: palette.quiet },
  '.alert.label': { fill: palette.alert },
  '.box': { fill: palette.box, stroke: palette.boxBorder, 'stroke-width': '1.2' },
  '.choice > .box': { fill: palette.question, stroke: palette.questionBorder },
  '.succeed > .box': { fill: palette.good, stroke: palette.goodBorder },
  '.fail > .box': { fill: palette.bad, stroke: palette.badBorder },
  '.map > .box, .parallel > .box': { fill: palette.frame, stroke: palette.frameBorder },
  '.icon': {
    fill: 'none',
    stroke: palette.quiet,
    'stroke-width': '1.5',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  },
  '.succeed > .icon': { stroke: palette.goodInk, 'stroke-width': '2' },
  '.fail > .icon': { stroke: palette.badInk, 'stroke-width': '2' },
  '.dot': { fill: palette.ink },
  '.ring': { fill: 'none', stroke: palette.ink, 'stroke-width': '1.5' },
  '.accent': { fill: palette.quiet },
  '.accent.dynamodb': { fill: palette.indigo },
  '.accent.s3': { fill: palette.green },
  '.accent.kinesis': { fill: palette.purple },
  '.accent.lambda': { fill: palette.orange },
};
