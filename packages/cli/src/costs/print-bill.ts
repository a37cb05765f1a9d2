import { thousands } from '@tweet-pipes/kit/wording';
import type { Terminal } from '../terminal/terminal.ts';
import type { Bill, BillLine } from './bill.ts';
import type { PriceList } from './price-list.ts';

/** Prints a bill; each line and the sum can be checked by hand. */
export function printBill(terminal: Terminal, { lines, usd }: Bill): void {
  const cells = lines.map((line) => [line.label, amountOf(line), `× ${line.usdPerUnit}`, line.usd.toFixed(4)] as const);
  const widths = [0, 1, 2, 3].map((column) => Math.max(8, ...cells.map((row) => row[column]?.length ?? 0)));
  const [label = 0, amount = 0, price = 0, dollars = 0] = widths;
  for (const row of cells) {
    terminal.out(
      `  ${row[0].padEnd(label)}  ${row[1].padStart(amount)}  ${row[2].padEnd(price)}  ${row[3].padStart(dollars)}`,
    );
  }
  terminal.out(`  ${'USD'.padEnd(label + amount + price + 4)}  ${usd.toFixed(4).padStart(dollars)}`);
}

/** `While the stack stands, 41.08 USD a month more, whether records come or not: Kinesis: on-demand stream 29.20, …` */
export function standingLine({ lines, usd }: Bill): string {
  const parts = lines.map(({ label, usd: dollars }) => `${label} ${dollars.toFixed(2)}`);
  return `While the stack stands, ${usd.toFixed(2)} USD a month more, whether records come or not: ${parts.join(', ')}.`;
}

/** `list prices of us-east-1 as of 2026-11, no free tier` */
export function priceNote({ region, dated }: PriceList): string {
  return `list prices of ${region} as of ${dated}, no free tier`;
}

function amountOf({ amount, unit }: BillLine): string {
  const [whole = '', decimals = ''] = amount.toFixed(4).split('.');
  return `${thousands(Number(whole))}.${decimals} ${unit}`;
}
