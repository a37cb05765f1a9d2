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
  const { counters } = await readCounters(clients, table, { limit, sums: false, cost, onPage: () => onPage?.() });
  return counters.list();
}

/** A reading of all counters. */
export interface CounterReading {
  /** How many counters to keep. */
  limit: number;
  /** Whether it is known that counters have several items. Otherwise their table is read anew once one has. */
  sums: boolean;
  cost: ScanCost;
  /** Called for each page, with what was read so far. */
  onPage?: (counters: LargestCounters) => void;
}

/**
 * Reads the table of counters, and says whether counters have several items. In the end `cost.items` is the number of
 * hashtags.
 */
export async function readCounters(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  { limit, sums, cost, onPage }: CounterReading,
): Promise<{ counters: LargestCounters; sums: boolean }> {
  const counters = new LargestCounters(limit, { sums });
  for await (const items of scan(clients, table, ['hashtag', 'htCount'], cost)) {
    for (const { hashtag, htCount } of items) counters.add(hashtag?.S ?? '', Number(htCount?.N ?? 0));
    if (counters.isIncomplete) break;
    onPage?.(counters);
  }
  if (counters.isIncomplete)
    return readCounters(clients, table, { limit, sums: true, cost, ...(onPage && { onPage }) });
  cost.items = counters.size;
  return { counters, sums };
}
