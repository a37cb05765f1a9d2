import { plural } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { printable, type Terminal } from '../terminal/terminal.ts';

/** `orders describe`: a table of one's own, for the option `salesTable`. */
export function addOrdersDescribe(orders: Command, terminal: Terminal): void {
  orders
    .command('describe')
    .description('describe a table of your own, so that the sales lake can keep its changes')
    .argument('<table>', 'its name')
    .addHelpText(
      'after',
      `
It reads the key and the stream of the table, and its columns from its first 1,000 items, and prints them as JSON. Whole
numbers become bigint, truth values boolean, all else text. Change what you know better. The table needs a stream of new
images.

Examples:
  $ npx tweet-pipes orders describe Invoices > invoices.json
  $ npx cdk deploy SalesLake -c tweetPipes:salesTable=invoices.json`,
    )
    .action(async (name: string) => {
      const [{ clientsFromEnvironment }, { describeTable }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../tables/describe-table.ts'),
      ]);
      const { clients } = clientsFromEnvironment(terminal);
      try {
        const { table, leftOut, notes, items } = await describeTable(clients, name);
        terminal.out(JSON.stringify(table, undefined, 2));
        terminal.err(`${plural(table.columns.length, 'column')}, of ${plural(items, 'item')}.`);
        for (const note of notes) terminal.err(printable(note));
        if (leftOut.length > 0) terminal.err(`In the files, but not in the table of the lake: ${leftOut.join(', ')}.`);
      } finally {
        clients.destroy();
      }
    });
}
