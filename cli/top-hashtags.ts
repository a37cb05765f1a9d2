import { paginateScan } from '@aws-sdk/client-dynamodb';

import type { AwsClients } from '../aws/clients.ts';

export interface HashtagCount {
  hashtag: string;
  count: number;
}

/** The `limit` largest counters of a table, the largest first, equal ones by hashtag. Scans the table, holding a few pages in memory. */
export async function topHashtags(clients: AwsClients, table: string, limit: number): Promise<HashtagCount[]> {
  const request = { TableName: table, ProjectionExpression: 'hashtag, htCount' };
  let top: HashtagCount[] = [];
  for await (const { Items = [] } of paginateScan({ client: clients.dynamodb }, request)) {
    const page = Items.map(({ hashtag, htCount }) => ({ hashtag: hashtag?.S ?? '', count: Number(htCount?.N ?? 0) }));
    top = [...top, ...page].sort(byCount).slice(0, limit);
  }
  return top;
}

/** Larger counts first; equal ones by hashtag in code unit order, the same everywhere. */
export function byCount(a: HashtagCount, b: HashtagCount): number {
  return b.count - a.count || (a.hashtag < b.hashtag ? -1 : 1);
}
