import { labelWidth, measures } from './measures.ts';
import type { Side } from './outline.ts';
import { existing, type Plan } from './plan.ts';
import type { Port } from './ports.ts';
import type { Rows } from './rows.ts';

/** What a lane passes at this height: how far it reaches from the middle of its column to the lane's side. */
export interface Obstacle {
  readonly top: number;
  readonly bottom: number;
  readonly reach: number;
}

/** The states and labels of a column, as lanes at one of its sides see them. */
export function findObstacles(
  plan: Plan,
  { boxes }: Rows,
  ports: ReadonlyMap<string, Port>,
  column: readonly number[],
  side: Side,
): Obstacle[] {
  const states = column.flatMap(plan.row).map((node) => {
    const { x, y, width, height } = existing(boxes.get(node), node);
    return { top: y, bottom: y + height, reach: side === 'left' ? -x : x + width };
  });
  const labels = [...ports].flatMap(([key, port]) => {
    const [end, index] = key.split(' ');
    if (end !== 'exit' || port.side !== side || !column.includes(port.node)) return [];
    const width = labelWidth(plan.transition(Number(index)).label);
    const start = plan.size(port.node).width / 2 + measures.labelGap;
    return width === 0 ? [] : [{ top: port.y - PORT_SPACE, bottom: port.y + PORT_SPACE, reach: start + width }];
  });
  const downLabels = plan.ways.down.flatMap((index) => {
    const { from, to, label } = plan.transition(index);
    if (side === 'left' || label === '' || !column.includes(from)) return [];
    const { y, height } = existing(boxes.get(from), from);
    return [{ top: y + height, bottom: existing(boxes.get(to), to).y, reach: measures.labelGap + labelWidth(label) }];
  });
  return [...states, ...labels, ...downLabels];
}

/** A label is within this distance above or below its line. */
const PORT_SPACE = 12;
