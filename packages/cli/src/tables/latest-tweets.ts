import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { sortableSequence } from '@tweet-pipes/kit/position';
import { Largest } from './largest.ts';
import { type ScanCost, scan } from './scan.ts';

/** A stored tweet; optional attributes are those that the record had. */
export interface StoredTweet {
  id: string;
  text?: string;
  createdAt?: string;
  userName?: string;
  lang?: string;
  hashtags: string[];
  /** The position of the record that brought it; behind `redrive:` if `redrive` stored or counted it. */
  record: string;
}

interface Found extends StoredTweet {
  /** Arrival plus a constant, in epoch seconds. */
  expiresAt: number;
}

const attributes = ['id', 'text', 'createdAt', 'userName', 'lang', 'hashtags', 'record', 'expiresAt'];

/**
 * Reads the `limit` tweets that arrived last, the latest first: by the second of their arrival, and within a second by
 * their sequence in the shard. There is no index on arrival, so it scans the whole table, page by page. Adds each page
 * to `cost` and calls `onPage`.
 */
export async function latestTweets(
  clients: Pick<AwsClients, 'dynamodb'>,
  table: string,
  limit: number,
  { cost = { items: 0, readUnits: 0 }, onPage }: { cost?: ScanCost; onPage?: () => void } = {},
): Promise<StoredTweet[]> {
  const latest = new Largest<Found>(limit, byArrival);
  for await (const items of scan(clients, table, attributes, cost)) {
    for (const item of items) latest.add(found(item));
    onPage?.();
  }
  return latest.list().map(({ expiresAt: _, ...tweet }) => tweet);
}

function found({ id, hashtags, record, expiresAt, ...rest }: Record<string, AttributeValue>): Found {
  const texts = Object.entries(rest).flatMap(([name, value]) => (value.S === undefined ? [] : [[name, value.S]]));
  return {
    id: id?.S ?? '',
    ...Object.fromEntries(texts),
    hashtags: (hashtags?.L ?? []).flatMap(({ S }) => S ?? []),
    record: record?.S ?? '',
    expiresAt: Number(expiresAt?.N ?? 0),
  };
}

function byArrival(a: Found, b: Found): number {
  const [sequenceA, sequenceB] = [sortableSequence(a.record), sortableSequence(b.record)];
  return b.expiresAt - a.expiresAt || (sequenceA === sequenceB ? 0 : sequenceA > sequenceB ? -1 : 1);
}
