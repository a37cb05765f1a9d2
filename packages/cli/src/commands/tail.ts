import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { plural } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import type { StoredTweet } from '../tables/latest-tweets.ts';
import { printable, printableJson, readUnits, type Terminal } from '../terminal/terminal.ts';

interface TailFlags {
  n: number;
  json?: true;
}

/** Characters of a text in a printed line; the rest is cut off. */
const longestText = 200;

/** `tail`: the tweets that arrived last. */
export function addTail(program: Command, terminal: Terminal): void {
  program
    .command('tail')
    .description('print the tweets that arrived last and are still stored, the latest at the end')
    .option('-n <number>', 'how many, 1-10000', integer(1, 10_000), 10)
    .option('--json', 'an array of tweets on one line')
    .addHelpText(
      'after',
      `
The table has no index on arrival: an index would double what each tweet costs to write, for a look now and then. So it
reads the whole table of tweets and keeps the latest ones in memory: one read unit per 8 KB, about 2 US cents per GB on
demand in us-east-1, and a GB, some 2 million tweets, takes a minute or two. The order is that of arrival in the stream,
by the second; within a second only tweets of one shard are sure to be in order.

Examples:
  $ npx tweet-pipes tail
  $ npx tweet-pipes tail -n 1000 --json | jq -r '.[].text'`,
    )
    .action(async ({ n, json }: TailFlags, command: Command) => {
      const [{ withStack }, { latestTweets }, { Progress }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../tables/latest-tweets.ts'),
        import('../terminal/progress.ts'),
      ]);
      await withStack(terminal, command, async ({ clients, outputs }) => {
        const cost = { items: 0, readUnits: 0 };
        const progress = new Progress(terminal, 'tweets read:');
        const onPage = () => progress.update(cost.items, readUnits(cost.readUnits));
        const reading = latestTweets(clients, outputs.TweetTableName, n, { cost, onPage });
        const tweets = (await reading.finally(() => progress.stop())).reverse();
        if (json) return terminal.out(printableJson(tweets));
        if (tweets.length === 0) return terminal.out('No tweet is stored.');
        for (const tweet of tweets) terminal.out(lineOf(tweet));
        terminal.err(`Read ${plural(cost.items, 'tweet')}, ${readUnits(cost.readUnits)}.`);
      });
    });
}

function lineOf({ id, text = '', createdAt, userName }: StoredTweet): string {
  const characters = [...text.replaceAll(/\s+/g, ' ')];
  const shown = characters.length > longestText ? `${characters.slice(0, longestText).join('')}…` : characters.join('');
  const parts = [id, createdAt, userName === undefined ? undefined : `@${userName}`, shown];
  return printable(parts.filter((part) => part !== undefined && part !== '').join('  '));
}
