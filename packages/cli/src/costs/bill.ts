import type { PricedItem, PriceList } from './price-list.ts';

/** Amounts and dollars are rounded to these before they are summed, so that the printed figures add up. */
const DECIMALS = 4;

/** One line: `amount` × `usdPerUnit` = `usd`, all as printed. */
export interface BillLine {
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

/** Makes the bill for what was counted; a missing item counts as 0. */
export function makeBill(counted: Partial<Readonly<Record<PricedItem, number>>>, { prices }: PriceList): Bill {
  const lines: BillLine[] = [];
  for (const [item, price] of entries(prices)) {
    const amount = rounded((counted[item] ?? 0) / price.per);
    if (amount === 0) continue;
    lines.push({
      item,
      label: price.label,
      amount,
      unit: price.unit,
      usdPerUnit: price.usd,
      usd: rounded(amount * price.usd),
    });
  }
  lines.sort((a, b) => b.usd - a.usd);
  return { lines, usd: rounded(lines.reduce((sum, { usd }) => sum + usd, 0)) };
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

function entries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries<Value>(record) as [Key, Value][]; // A record that was parsed has no other keys.
}
