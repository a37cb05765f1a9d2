import type { Command } from 'commander';

import { decimal, integer } from '../options/numbers.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { TopFlags } from '../top.ts';

/** `top`: the largest counters. */
export function addTop(program: Command, terminal: Terminal): void {
  program
    .command('top')
    .description('print the hashtags that most tweets carry')
    .option('-n <number>', 'how many, 1-10000', integer(1, 10_000), 10)
    .option('--watch', 'look again and again until Ctrl-C')
    .option('--every <seconds>', 'with --watch, the time between two looks, 0.5-86400', decimal(0.5, 86_400), 2)
    .option('--json', 'an array of {"hashtag", "count"} on one line; with --watch one a look')
    .addHelpText(
      'after',
      `
It reads the whole table of hashtags, a page of a megabyte at a time, and keeps only the largest in memory. A read unit is 8 KB, some 30 to 60
hashtags: a million of them are 20,000 to 35,000 read units (less than half a US cent on demand in us-east-1) and take about a minute. What a
look took is said on standard error. Each look of --watch reads the table again: with many hashtags choose a longer --every. Counts may be a second old.

Examples:
  $ npx tweet-pipes top
  $ npx tweet-pipes top --watch -n 20
  $ npx tweet-pipes top -n 100 --json | jq -r '.[].hashtag'`,
    )
    .action(async (flags: TopFlags, command: Command) => {
      const [{ connect }, { top }] = await Promise.all([import('../stack/connect.ts'), import('../top.ts')]);
      const { clients, outputs } = await connect(terminal, command);
      try {
        await top(clients, outputs.HashtagTableName, flags, terminal);
      } finally {
        clients.destroy();
      }
    });
}
