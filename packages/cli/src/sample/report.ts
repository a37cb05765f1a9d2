import { plural, thousands } from '@tweet-pipes/kit/wording';
import { byCount } from '../tables/hashtag-count.ts';
import { barChart } from '../terminal/bar-chart.ts';
import { printable, type Terminal } from '../terminal/terminal.ts';
import type { Difference } from '../verification/compare.ts';
import type { Outcome } from '../verification/outcome.ts';
import type { Lake } from '../verification/read-lake.ts';
import type { Item, Stores } from '../verification/stores.ts';

/** Maximum number of differences in print and in JSON; `differenceCount` has their number. */
const mostShown = 50;

/** The result of a run that was compared with the stores. */
export interface Verified {
  outcome: Outcome;
  found: Stores;
  differences: Difference[];
  seconds: number;
  endpoint: string;
  /** Undefined where the lake is not deployed. */
  lake: Lake | undefined;
}

/** The run as a JSON object; `ok` is true when every store holds exactly what it must. */
export function jsonSummary(
  { outcome, differences, seconds, endpoint, lake }: Verified,
  more: Record<string, unknown> = {},
): object {
  return {
    ok: differences.length === 0,
    ...outcome,
    ...more,
    seconds: Number(seconds.toFixed(3)),
    endpoint,
    lake: lake === undefined ? null : { tweets: lake.tweets.size, live: lake.live.size },
    ...jsonDifferences(differences),
  };
}

/** Differences as properties of a JSON object: their number, and the first of them. */
export function jsonDifferences(differences: readonly Difference[]): object {
  return { differenceCount: differences.length, differences: differences.slice(0, mostShown) };
}

/** Prints what became of the records. */
export function printOutcome(terminal: Terminal, { outcome }: Verified): void {
  const rows: [number, string][] = [
    [outcome.records, 'records put on the stream'],
    [outcome.tweetsStored, 'tweets stored and counted'],
    [outcome.duplicates, 'duplicates, not counted again'],
    [outcome.afterDeletion, 'tweets that came after their delete notice, dropped'],
    [outcome.deleteNotices, `delete notices; ${plural(outcome.deletionsArchived, 'removed tweet')} in the archive`],
    [outcome.quarantined, 'records in quarantine'],
  ];
  const digits = Math.max(...rows.map(([count]) => thousands(count).length));
  for (const [count, text] of rows) terminal.out(`  ${thousands(count).padStart(digits)} ${text}`);
  const reasons = Object.entries(outcome.quarantineReasons).sort(([, a], [, b]) => b - a);
  for (const [reason, count] of reasons) {
    terminal.out(`  ${' '.repeat(digits)}   ${String(count).padStart(4)} ${printable(reason)}`);
  }
}

/** Prints the `limit` largest counters that were found, as a chart. */
export function printTop(terminal: Terminal, found: Stores, limit: number): void {
  const top = [...found.hashtags].map(([hashtag, { htCount }]) => ({ hashtag, count: Number(htCount) })).sort(byCount);
  const rows = top.slice(0, limit).map(({ hashtag, count }) => ({ label: `#${hashtag}`, count }));
  const indent = '  ';
  const columns = terminal.size && terminal.size.columns - indent.length;
  for (const line of barChart(rows, columns)) terminal.out(`${indent}${line}`);
}

/** Prints an archive row on one line, cut off at its end. */
export function printRow(terminal: Terminal, row: Item | undefined): void {
  if (row === undefined) return;
  const text = printable(JSON.stringify(row));
  terminal.out(`  ${text.length > 240 ? `${text.slice(0, 239)}…` : text}`);
}

/** Prints how much is in the lake, or that it is not there. */
export function printLake(terminal: Terminal, { lake }: Verified): void {
  if (lake === undefined) {
    terminal.out('The lake was not checked: the stack TweetLake is not deployed here.');
    return;
  }
  terminal.out(
    terminal.bold(
      `Lake: ${plural(lake.tweets.size, 'tweet')}, ${thousands(lake.live.size)} of them without a delete notice`,
    ),
  );
}

/** Prints the verdict; differences go to standard error, one a line. */
export function printVerdict(terminal: Terminal, { differences, outcome, lake }: Verified): void {
  if (differences.length === 0) {
    const everything = lake === undefined ? 'Every store holds' : 'Every store and the lake hold';
    terminal.out(`${everything} exactly what ${plural(outcome.records, 'record')} must leave there.`);
    return;
  }
  printDifferences(terminal, differences, 'what the stores hold and what they must hold');
}

/** Prints that the sample has records for the quarantine on purpose: `status` reports them, and they need no repair. */
export function printPurposeOfQuarantine(terminal: Terminal, { quarantined }: Pick<Outcome, 'quarantined'>): void {
  if (quarantined === 0) return;
  const them = quarantined === 1 ? 'it' : 'them';
  terminal.out(
    `The sample holds ${plural(quarantined, 'record')} that cannot be used, on purpose: \`status\` and the page name ${them} for 15 minutes.`,
  );
}

/** Prints differences on standard error, one a line. `between` says of what. */
export function printDifferences(terminal: Terminal, differences: readonly Difference[], between: string): void {
  terminal.err(`${plural(differences.length, 'difference')} between ${between}:`);
  for (const { store, key, problem } of differences.slice(0, mostShown)) {
    terminal.err(`  ${store} ${printable(key)}: ${printable(problem)}`);
  }
  if (differences.length > mostShown) terminal.err(`  and ${differences.length - mostShown} more`);
}
