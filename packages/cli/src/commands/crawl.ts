import { plural } from '@tweet-pipes/kit/wording';
import { Argument, type Command } from 'commander';
import { underWay } from '../explain.ts';
import type { CrawledTable } from '../lake/crawl.ts';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';

/** Partitions of a table that are named; the others are counted. */
const mostNamed = 5;

/** `crawl`: runs the crawler of the lake. */
export function addCrawl(program: Command, terminal: Terminal): void {
  program
    .command('crawl')
    .description("start the crawler of a lake, which finds the columns and partitions of the lake's files")
    .addArgument(new Argument('[lake]', 'which lake').choices(['tweets', 'sales']).default('tweets'))
    .option('--wait', 'until it is done, and say which tables and partitions it made or changed')
    .option('--json', 'with --wait: the changed tables as an array on one line')
    .addHelpText(
      'after',
      `
The tables of the lake do not need it: their columns are deployed, and Athena computes their partitions. The crawler
makes tables of its own, whose names begin with crawled_. It works on AWS and locally. On AWS a crawl takes a minute and
more, and Glue bills 0.44 USD for each hour of its units, ten minutes at least. A crawl that runs already is followed.
Ctrl-C ends the wait, not the crawl.

Exit code 2 if the crawl failed.

Examples:
  $ npx tweet-pipes crawl --wait
  $ npx tweet-pipes crawl sales --wait
  $ npx tweet-pipes query --sql "SELECT * FROM crawled_tweets LIMIT 3"`,
    )
    .action(async (which: 'tweets' | 'sales', flags: { wait?: true; json?: true }, command: Command) => {
      const [{ withAthena }, { crawlChanges, crawledTables, startCrawl, waitForCrawl }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../lake/crawl.ts'),
      ]);
      await withAthena(terminal, command, which, async ({ clients, lakes: [{ crawler, database }] }) => {
        const { glue } = await clients.lake();
        const before = flags.wait ? await crawledTables(glue, crawler) : new Map();
        const isStarted = await startCrawl(glue, crawler);
        terminal.err(isStarted ? `Started the crawler ${crawler}.` : `The crawler ${crawler} runs already.`);
        if (!flags.wait) return terminal.err('--wait says what it finds.');
        await underWay(terminal, async () => {
          if (!(await waitForCrawl(glue, crawler, terminal, terminal.interruptible()))) {
            terminal.exitCode = 2;
            return terminal.err(`The crawl goes on: aws glue get-crawler --name ${crawler}`);
          }
          const changes = crawlChanges(before, await crawledTables(glue, crawler));
          if (flags.json) return terminal.out(printableJson(changes));
          if (changes.length === 0) terminal.out(`Nothing is new in the database ${database}.`);
          for (const change of changes) for (const line of linesOf(change)) terminal.out(line);
        });
      });
    });
}

function linesOf({ name, isNew, columns, newPartitions, partitions }: CrawledTable): string[] {
  const named = newPartitions.slice(0, mostNamed).map((values) => values.join('/'));
  const more = newPartitions.length - named.length;
  const parts = [
    ...(columns.length > 0 ? [`  ${isNew ? '' : 'new '}columns: ${columns.join(', ')}`] : []),
    ...(named.length > 0
      ? [
          `  ${plural(newPartitions.length, 'new partition')}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
        ]
      : []),
  ];
  return [`${name}: ${isNew ? 'made' : 'changed'}, ${plural(partitions, 'partition')}`, ...parts].map(printable);
}
