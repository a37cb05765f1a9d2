import type { Box } from '../svg/geometry.ts';
import type { StateNode } from './graph.ts';
import { measures } from './measures.ts';

/** The left or the right side of a state. */
export type Side = 'left' | 'right';

/** Where a state's outline is at this height: a Choice has slanted sides, a state that waits or ends has round ones. */
export function outlineX(kind: StateNode['kind'], box: Box, side: Side, y: number): number {
  const half = box.height / 2;
  const offset = Math.min(half, Math.abs(y - (box.y + half)));
  const inset = insetAt(kind, half, offset);
  return side === 'left' ? box.x + inset : box.x + box.width - inset;
}

function insetAt(kind: StateNode['kind'], half: number, offset: number): number {
  switch (kind) {
    case 'Choice':
      return (measures.slant * offset) / half;
    case 'Wait':
    case 'Succeed':
    case 'Fail':
    case 'Start':
    case 'End':
      return half - Math.sqrt(half ** 2 - offset ** 2);
    default:
      return 0;
  }
}
