import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { byCount, type HashtagCount } from './hashtag-count.ts';
import { Largest } from './largest.ts';
import { type ScanCost, scan } from './scan.ts';

/**
 * Reads the `limit` largest counters of a table, ordered by {@link byCount}. Scans the table page by page; memory holds
 * one page and the largest so far. Adds each page to `cost` and calls `onPage`.
 */
export async function topHashtags(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  limit: number,
  { cost = { items: 0, readUnits: 0 }, onPage }: { cost?: ScanCost; onPage?: () => void } = {},
): Promise<HashtagCount[]> {
  const largest = new Largest<HashtagCount>(limit, byCount);
  for await (const items of scan(clients, table, ['hashtag', 'htCount'], cost)) {
    for (const { hashtag, htCount } of items) {
      largest.add({ hashtag: hashtag?.S ?? '', count: Number(htCount?.N ?? 0) });
    }
    onPage?.();
  }
  return largest.list();
}
