import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { Largest } from './largest.ts';
import { type ScanCost, scan } from './scan.ts';

export interface HashtagCount {
  hashtag: string;
  count: number;
}

/**
 * The `limit` largest counters of a table, the largest first, equal ones by hashtag. Scans the table page by page,
 * holding one page and the largest so far. `cost` grows with each page, of which `onPage` is told.
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

/** Larger counts first; equal ones by hashtag in code unit order, the same everywhere. */
export function byCount(a: HashtagCount, b: HashtagCount): number {
  return b.count - a.count || (a.hashtag < b.hashtag ? -1 : 1);
}
