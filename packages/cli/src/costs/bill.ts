import type { PricedItem, PriceList } from './price-list.ts';

/** Amounts and dollars are rounded to these before they are summed, so that the printed figures add up. */
const DECIMALS = 4;

/** What was counted of each item, by the name of the stack. A missing item counts as 0. */
export type CountedByStack = Readonly<Record<string, Partial<Readonly<Record<PricedItem, number>>>>>;

/** One line: `amount` × `usdPerUnit` = `usd`, all as printed. */
export interface BillLine {
  /** The stack that owns what is paid for. */
  stack: string;
  item: PricedItem;
  label: string;
  /** In units of the price: millions of requests, GB, hours. */
  amount: number;
  unit: string;
  usdPerUnit: number;
  usd: number;
}

/** Lines in the order of their dollars, the largest first; none with the amount 0. */
export interface Bill {
  lines: BillLine[];
  usd: number;
}

/** Makes the bill for what was counted. */
export function makeBill(counted: CountedByStack, { prices }: PriceList): Bill {
  const lines: BillLine[] = [];
  for (const [stack, items] of Object.entries(counted)) {
    for (const [item, price] of entries(prices)) {
      const amount = rounded((items[item] ?? 0) / price.per);
      if (amount === 0) continue;
      lines.push({
        stack,
        item,
        label: price.label,
        amount,
        unit: price.unit,
        usdPerUnit: price.usd,
        usd: rounded(amount * price.usd),
      });
    }
  }
  lines.sort((a, b) => b.usd - a.usd);
  return { lines, usd: sum(lines) };
}

/** The part of a bill for each stack, in the order of their dollars, the largest first. */
export function billsByStack({ lines }: Bill): [stack: string, bill: Bill][] {
  const byStack = Map.groupBy(lines, ({ stack }) => stack);
  return [...byStack]
    .map(([stack, its]): [string, Bill] => [stack, { lines: its, usd: sum(its) }])
    .sort(([, a], [, b]) => b.usd - a.usd);
}

function sum(lines: readonly BillLine[]): number {
  return rounded(lines.reduce((total, { usd }) => total + usd, 0));
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

function entries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries<Value>(record) as [Key, Value][]; // A record that was parsed has no other keys.
}
