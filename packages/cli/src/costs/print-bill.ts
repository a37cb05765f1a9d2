import { thousands } from '@tweet-pipes/kit/wording';
import type { Terminal } from '../terminal/terminal.ts';
import { type Bill, type BillLine, billsByStack } from './bill.ts';
import type { PriceList } from './price-list.ts';
import type { SalesBill } from './sales-bill.ts';

/**
 * Prints a bill; each line and the sums can be checked by hand. The lines of several stacks stand apart, each below the
 * name of its stack and above its sum.
 */
export function printBill(terminal: Terminal, bill: Bill): void {
  const widths = widthsOf(bill.lines);
  const parts = billsByStack(bill);
  for (const [stack, part] of parts) {
    if (parts.length > 1) terminal.out(terminal.bold(stack));
    for (const line of part.lines) terminal.out(rowOf(cellsOf(line), widths));
    if (parts.length > 1) terminal.out(sumRow(`USD of ${stack}`, part.usd, widths));
  }
  terminal.out(sumRow('USD', bill.usd, widths));
}

/**
 * A line for each stack: `While the stack stands, 41.08 USD a month more, whether records come or not: Kinesis:
 * on-demand stream 29.20, …` Of several, each by its name. `flow` names what comes.
 */
export function standingLines(bill: Bill, flow = 'records'): string[] {
  const parts = billsByStack(bill);
  return parts.map(([stack, { lines, usd }]) => {
    const each = lines.map(({ label, usd: dollars }) => `${label} ${dollars.toFixed(2)}`);
    const what = parts.length > 1 ? stack : 'the stack';
    return `While ${what} stands, ${usd.toFixed(2)} USD a month more, whether ${flow} come or not: ${each.join(', ')}.`;
  });
}

/** Prints the bill of a million changes of orders. */
export function printSalesBill(
  terminal: Terminal,
  { changes, perMillion, standing }: SalesBill,
  title: { note: string; rate?: number },
): void {
  const rate = title.rate === undefined ? '' : ` at ${title.rate} a second`;
  terminal.out(terminal.bold(`SalesLake: ${thousands(changes)} changes of orders${rate} (${title.note})`));
  printBill(terminal, perMillion);
  for (const line of standingLines(standing, 'changes')) terminal.out(line);
}

/** `list prices of us-east-1 as of 2026-11, no free tier` */
export function priceNote({ region, dated }: PriceList): string {
  return `list prices of ${region} as of ${dated}, no free tier`;
}

type Cells = readonly [label: string, amount: string, price: string, dollars: string];
type Widths = readonly [label: number, amount: number, price: number, dollars: number];

function cellsOf(line: BillLine): Cells {
  return [line.label, amountOf(line), `× ${line.usdPerUnit}`, line.usd.toFixed(4)];
}

function widthsOf(lines: readonly BillLine[]): Widths {
  const cells = lines.map(cellsOf);
  const width = (column: 0 | 1 | 2 | 3) => Math.max(8, ...cells.map((row) => row[column].length));
  return [width(0), width(1), width(2), width(3)];
}

function rowOf([label, amount, price, dollars]: Cells, widths: Widths): string {
  return `  ${label.padEnd(widths[0])}  ${amount.padStart(widths[1])}  ${price.padEnd(widths[2])}  ${dollars.padStart(widths[3])}`;
}

function sumRow(label: string, usd: number, [first, amount, price, dollars]: Widths): string {
  return `  ${label.padEnd(first + amount + price + 4)}  ${usd.toFixed(4).padStart(dollars)}`;
}

function amountOf({ amount, unit }: BillLine): string {
  const [whole = '', decimals = ''] = amount.toFixed(4).split('.');
  return `${thousands(Number(whole))}.${decimals} ${unit}`;
}
