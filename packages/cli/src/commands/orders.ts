import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { addOrdersGenerate } from './orders-generate.ts';

/** `orders`: what fills the table of orders. */
export function addOrders(program: Command, terminal: Terminal): void {
  const orders = program
    .command('orders')
    .description('write generated orders to the table of the sales lake')
    .addHelpText(
      'after',
      `
Examples:
  $ npx tweet-pipes orders generate --limit 1000
  $ npx tweet-pipes query status_funnel`,
    );
  addOrdersGenerate(orders, terminal);
}
