import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { underWay } from './explain.ts';
import { readUnits } from './tables/scan.ts';
import { type HashtagCount, topHashtags } from './tables/top-hashtags.ts';
import { barChart } from './terminal/bar-chart.ts';
import { Progress } from './terminal/progress.ts';
import { plural, type Terminal } from './terminal/terminal.ts';

/** What `top` can be told. */
export interface TopFlags {
  n: number;
  watch?: true;
  /** Seconds. */
  every: number;
  json?: true;
}

/** Prints the largest counters once, or again and again until Ctrl-C. What reading them took goes to standard error. */
export async function top(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  flags: TopFlags,
  terminal: Terminal,
): Promise<void> {
  if (!flags.watch) return print(await look(clients, table, flags, terminal), flags, terminal);
  const signal = terminal.interruptible();
  let readUnitsSoFar = 0;
  for (let looks = 1; !signal.aborted; looks += 1) {
    const seen = looks === 1 ? look : (...args: Parameters<typeof look>) => underWay(terminal, () => look(...args));
    const { hashtags, cost } = await seen(clients, table, flags, terminal);
    readUnitsSoFar += cost.readUnits;
    terminal.clear();
    print({ hashtags, cost: { ...cost, readUnits: readUnitsSoFar } }, flags, terminal);
    await terminal.clock.sleep(flags.every * 1000, signal);
  }
}

interface Look {
  hashtags: HashtagCount[];
  cost: { items: number; readUnits: number };
}

async function look(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  { n, watch }: TopFlags,
  terminal: Terminal,
): Promise<Look> {
  const cost = { items: 0, readUnits: 0 };
  if (watch) return { hashtags: await topHashtags(clients, table, n, { cost }), cost };
  const progress = new Progress(terminal, 'hashtags read:');
  const onPage = () => progress.update(cost.items, readUnits(cost.readUnits));
  const hashtags = await topHashtags(clients, table, n, { cost, onPage }).finally(() => progress.stop());
  return { hashtags, cost };
}

function print({ hashtags, cost }: Look, { json, watch }: TopFlags, terminal: Terminal): void {
  if (json) {
    terminal.out(JSON.stringify(hashtags));
    return;
  }
  if (hashtags.length === 0) terminal.out('No hashtag has been counted yet.');
  for (const line of barChart(hashtags.map(({ hashtag, count }) => ({ label: `#${hashtag}`, count })))) {
    terminal.out(line);
  }
  const spent = `${readUnits(cost.readUnits)}${watch ? ' so far; Ctrl-C stops' : ''}`;
  terminal.err(`Read ${plural(cost.items, 'hashtag')}, ${spent}.`);
}
