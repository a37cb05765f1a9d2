import { type Box, boxAround } from '../svg/geometry.ts';
import { countLines, type Line } from './lines.ts';
import { measures } from './measures.ts';
import { existing, type Plan, ROW_GAP } from './plan.ts';

/** Between two lines at one side of a state. */
export const PORT_GAP = 14;

/** Between a state and one at its side, and between that and a line above or below. */
const ASIDE_GAP = 12;

/** Rows that no line connects stand closer. */
const LOOSE_GAP = 14;

/** The states of a scope in rows. The middle of each column is at x = 0. */
export interface Rows {
  readonly boxes: ReadonlyMap<number, Box>;
  /** The middle of the lines at the sides of a state of the spine. */
  lineY(node: number): number;
}

/** Gives each state its height and its place above, below and beside the others. */
export function placeRows(plan: Plan, lines: readonly Line[]): Rows {
  const { leaves, detours } = plan.order;
  const boxes = new Map<number, Box>();
  /** From the middle of the lines at a side to the outermost one. */
  const spread = (node: number, side: 'left' | 'right') => (PORT_GAP * (countLines(lines, node, side) - 1)) / 2;
  const widestSpread = (node: number) => Math.max(spread(node, 'left'), spread(node, 'right'), 0);
  const heightFor = (node: number) => {
    const outermost = widestSpread(node);
    return Math.max(plan.size(node).height, outermost === 0 ? 0 : outermost * 2 + PORT_GAP + 4);
  };
  /** From the top of a state to the middle of its lines: of a frame, beside its title. */
  const lineOffset = (node: number, height: number) =>
    plan.size(node).inner.length === 0 ? height / 2 : Math.max(measures.titleHeight / 2, widestSpread(node) + 8);
  const lineY = (node: number) => {
    const { y, height } = existing(boxes.get(node), node);
    return y + lineOffset(node, height);
  };

  for (const column of plan.columns) {
    let bottom = 0;
    for (const [index, node] of column.entries()) {
      const above = column[index - 1];
      const { width } = plan.size(node);
      const height = heightFor(node);
      const highestLine = lineOffset(node, height) - spread(node, 'left');
      let y = above === undefined ? 0 : bottom + gapBelow(plan, above, node);

      const hanging = above === undefined ? undefined : leaves.get(above);
      if (hanging !== undefined) {
        const leaf = existing(boxes.get(hanging), hanging);
        const isInTheWay = -width / 2 < leaf.x + leaf.width + ASIDE_GAP;
        if (isInTheWay) y = Math.max(y, leaf.y + leaf.height + ASIDE_GAP);
        if (countLines(lines, node, 'left') > 0) y = Math.max(y, leaf.y + leaf.height + ASIDE_GAP - highestLine);
      }

      const detour = detours.get(node);
      if (detour !== undefined && above !== undefined) {
        const size = plan.size(detour);
        const lineAbove = lineY(above) + spread(above, 'left');
        y = Math.max(y, lineAbove + size.height + ASIDE_GAP * 2 - highestLine);
        const right = -Math.max(width, plan.size(above).width) / 2 - ASIDE_GAP;
        const middle = { x: right - size.width / 2, y: (lineAbove + y + highestLine) / 2 };
        boxes.set(detour, boxAround(middle, size));
      }

      boxes.set(node, { x: -width / 2, y, width, height });
      bottom = y + height;

      const leaf = leaves.get(node);
      if (leaf !== undefined) {
        const size = plan.size(leaf);
        const top = lineY(node) + spread(node, 'left') + ASIDE_GAP + 6;
        boxes.set(leaf, { width: size.width, height: size.height, x: -width / 2 - ASIDE_GAP - size.width, y: top });
      }
    }
  }
  return { boxes, lineY };
}

function gapBelow({ ways, order, transition }: Plan, above: number, below: number): number {
  const isConnected = ways.down.some((index) => transition(index).from === above && transition(index).to === below);
  return isConnected || order.leaves.has(above) ? ROW_GAP : LOOSE_GAP;
}
