import type { Command } from 'commander';

import { integer } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';

/** `top`: the largest counters. */
export function addTop(program: Command, terminal: Terminal): void {
  program
    .command('top')
    .description('print the hashtags that most tweets carry')
    .option('-n <number>', 'how many, 1-10000', integer(1, 10_000), 10)
    .option('--json', 'an array of {"hashtag", "count"} on one line')
    .addHelpText(
      'after',
      `
It reads the whole table of hashtags. On AWS that costs half a read unit per 4 KB: about 2 US cents per GB in us-east-1, and a table with
many millions of hashtags takes minutes. Counts may be a second old.

Examples:
  $ npx tweet-pipes top
  $ npx tweet-pipes top -n 100 --json | jq -r '.[].hashtag'`,
    )
    .action(async (options: { n: number; json?: true }, command: Command) => {
      const [{ connect }, { topHashtags }, { barChart }] = await Promise.all([
        import('../connect.ts'),
        import('../top-hashtags.ts'),
        import('../bar-chart.ts'),
      ]);
      const { clients, outputs } = await connect(terminal, command);
      try {
        const top = await topHashtags(clients, outputs.HashtagTableName, options.n);
        if (options.json) return terminal.out(JSON.stringify(top));
        if (top.length === 0) return terminal.out('No hashtag has been counted yet.');
        for (const line of barChart(top.map(({ hashtag, count }) => ({ label: `#${hashtag}`, count }))))
          terminal.out(line);
      } finally {
        clients.destroy();
      }
    });
}
