import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { HashtagCount } from './hashtag-count.ts';
import { LargestCounters } from './largest-counters.ts';
import { type ScanCost, scan } from './scan.ts';

/**
 * Reads the `limit` largest counters of a table, ordered by {@link byCount}. Scans the table page by page; memory holds
 * one page and the largest so far, or all where counters have several items. Adds each page to `cost` and calls
 * `onPage`.
 */
export async function topHashtags(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  limit: number,
  { cost = { items: 0, readUnits: 0 }, onPage }: { cost?: ScanCost; onPage?: () => void } = {},
): Promise<HashtagCount[]> {
  const reading = { limit, isSplit: false, cost, onPage: () => onPage?.() };
  return (await readLargestCounters(clients, table, reading)).list();
}

/** A reading of all counters. */
export interface CounterReading {
  /** How many counters to keep. */
  limit: number;
  /** Whether it is known that counters have several items. Otherwise their table is read anew once one has. */
  isSplit: boolean;
  cost: ScanCost;
  /** Called for each page, with what was read so far. */
  onPage(counters: LargestCounters): void;
}

/** Reads the table of counters. In the end `cost.items` is the number of hashtags. */
export async function readLargestCounters(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  reading: CounterReading,
): Promise<LargestCounters> {
  const { limit, isSplit, cost, onPage } = reading;
  const counters = new LargestCounters(limit, { isSplit });
  for await (const items of scan(clients, table, ['hashtag', 'htCount'], cost)) {
    for (const { hashtag, htCount } of items) counters.add(hashtag?.S ?? '', Number(htCount?.N ?? 0));
    if (counters.isIncomplete) return readLargestCounters(clients, table, { ...reading, isSplit: true });
    onPage(counters);
  }
  cost.items = counters.size;
  return counters;
}
