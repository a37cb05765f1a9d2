import type { Command } from 'commander';

import { integer } from '../options/numbers.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `tail`: the tweets that were stored last. */
export function addTail(program: Command, terminal: Terminal): void {
  program
    .command('tail')
    .description('print the tweets that arrived last and are still stored, the latest at the end')
    .option('-n <number>', 'how many, 1-10000', integer(1, 10_000), 10)
    .option('--json', 'an array of tweets on one line')
    .addHelpText(
      'after',
      `
The table has no index on arrival: an index would double what each tweet costs to write, for a look now and then. So it reads the whole table
of tweets and keeps the latest ones in memory: one read unit per 8 KB, about 2 US cents per GB on demand in us-east-1, and a GB, some 2 million tweets,
takes a minute or two. The order is that of arrival in the stream, by the second; within a second only tweets of one shard are sure to be in order.

Examples:
  $ npx tweet-pipes tail
  $ npx tweet-pipes tail -n 1000 --json | jq -r '.[].text'`,
    )
    .action(async (options: { n: number; json?: true }, command: Command) => {
      const [{ connect }, { tail }] = await Promise.all([import('../stack/connect.ts'), import('../tail.ts')]);
      const { clients, outputs } = await connect(terminal, command);
      try {
        await tail(clients, outputs.TweetTableName, options, terminal);
      } finally {
        clients.destroy();
      }
    });
}
