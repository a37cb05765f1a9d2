import type { Size } from '../svg/geometry.ts';
import { textWidth } from '../svg/text-width.ts';
import type { StateNode } from './graph.ts';

/** Sizes of the picture's parts, in user units. */
export const measures = {
  nameSize: 12.5,
  captionSize: 10.5,
  labelSize: 10,
  /** Between a label and where its line begins. */
  labelGap: 5,
  /** The height of a frame's title. */
  titleHeight: 28,
  /** Between a frame's border and what is inside. */
  framePadding: 12,
  /** How far the slanted sides of a Choice reach in. */
  slant: 12,
  iconSize: 12,
  dotRadius: 6,
} satisfies Record<string, number>;

const { nameSize, captionSize, labelSize, slant, iconSize, dotRadius } = measures;

/** How much room a state takes that contains no others. */
export function nodeSize({ kind, name, caption }: StateNode): Size {
  const text = textWidth(name, nameSize, 'bold');
  switch (kind) {
    case 'Start':
    case 'End':
      return { width: dotRadius * 2, height: dotRadius * 2 };
    case 'Choice':
      return { width: text + slant * 2 + 12, height: 32 };
    case 'Task':
      return { width: Math.max(text, textWidth(caption, captionSize)) + 30, height: 42 };
    default:
      return { width: text + iconSize + 32, height: 30 };
  }
}

/** The least width of a frame, by its title: the name at the left, the caption at the right. */
export function titleWidth({ name, caption }: StateNode): number {
  return textWidth(name, nameSize, 'bold') + textWidth(caption, captionSize) + 48;
}

/** How wide a transition's label is. */
export function labelWidth(label: string): number {
  return textWidth(label, labelSize);
}
