import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { addOrdersDescribe } from './orders-describe.ts';
import { addOrdersGenerate } from './orders-generate.ts';

/** `orders`: the table behind the sales lake. */
export function addOrders(program: Command, terminal: Terminal): void {
  const orders = program
    .command('orders')
    .description('fill the table of the sales lake, or put a table of your own in its place')
    .addHelpText(
      'after',
      `
Examples:
  $ npx tweet-pipes orders generate --limit 1000
  $ npx tweet-pipes query status_funnel`,
    );
  addOrdersGenerate(orders, terminal);
  addOrdersDescribe(orders, terminal);
}
