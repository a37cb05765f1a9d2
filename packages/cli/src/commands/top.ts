import { decimal, integer } from '@tweet-pipes/kit/command-line/numbers';
import { plural } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { underWay } from '../explain.ts';
import type { HashtagCount } from '../tables/hashtag-count.ts';
import type { ScanCost } from '../tables/scan.ts';
import { barChart } from '../terminal/bar-chart.ts';
import { fittingLines } from '../terminal/fitting-lines.ts';
import { printableJson, readUnits, type Terminal } from '../terminal/terminal.ts';

interface TopFlags {
  n: number;
  watch?: true;
  /** Seconds. */
  every: number;
  json?: true;
}

/** One read of the table. */
interface Reading {
  hashtags: HashtagCount[];
  cost: ScanCost;
}

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
It reads the whole table of hashtags, a page of a megabyte at a time, and keeps only the largest in memory. A read unit
is 8 KB, some 30 to 60 hashtags: a million of them are 20,000 to 35,000 read units (less than half a US cent on demand
in us-east-1) and take about a minute. The cost of each read goes to standard error. Each look of --watch reads the
table again: with many hashtags choose a longer --every. Counts may be a second old.

Examples:
  $ npx tweet-pipes top
  $ npx tweet-pipes top --watch -n 20
  $ npx tweet-pipes top -n 100 --json | jq -r '.[].hashtag'`,
    )
    .action(async (flags: TopFlags, command: Command) => {
      const [{ withStack }, { topHashtags }, { Progress }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../tables/top-hashtags.ts'),
        import('../terminal/progress.ts'),
      ]);
      await withStack(terminal, command, ({ clients, outputs }) => {
        const read = async (): Promise<Reading> => {
          const cost = { items: 0, readUnits: 0 };
          const progress = flags.watch ? undefined : new Progress(terminal, 'hashtags read:');
          const onPage = () => progress?.update(cost.items, readUnits(cost.readUnits));
          const reading = topHashtags(clients, outputs.HashtagTableName, flags.n, { cost, onPage });
          return { hashtags: await reading.finally(() => progress?.stop()), cost };
        };
        return flags.watch ? watch(read, flags, terminal) : read().then((once) => print(once, flags, terminal));
      });
    });
}

/** Reads and prints until Ctrl-C. A failure of the first read is one of the start, exit code 1; of a later one 2. */
async function watch(read: () => Promise<Reading>, flags: TopFlags, terminal: Terminal): Promise<void> {
  const signal = terminal.interruptible();
  let readUnitsSoFar = 0;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const { hashtags, cost } = await (isFirst ? read() : underWay(terminal, read));
    readUnitsSoFar += cost.readUnits;
    terminal.clear();
    print({ hashtags, cost: { ...cost, readUnits: readUnitsSoFar } }, flags, terminal);
    await terminal.clock.sleep(flags.every * 1000, signal);
  }
}

/** Prints the counters on standard output, and what reading them took on standard error. */
function print({ hashtags, cost }: Reading, { json, watch }: TopFlags, terminal: Terminal): void {
  if (json) {
    terminal.out(printableJson(hashtags));
    return;
  }
  if (hashtags.length === 0) terminal.out('No hashtag has been counted yet.');
  const rows = hashtags.map(({ hashtag, count }) => ({ label: `#${hashtag}`, count }));
  const lines = barChart(rows, terminal.size?.columns);
  for (const line of watch ? fittingLines(lines, terminal.size?.rows) : lines) terminal.out(line);
  const spent = `${readUnits(cost.readUnits)}${watch ? ' so far; Ctrl-C stops' : ''}`;
  terminal.err(`Read ${plural(cost.items, 'hashtag')}, ${spent}.`);
}
