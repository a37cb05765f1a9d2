import { formatPosition } from '@tweet-pipes/kit/position';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import type { SentRecord, Stores } from '../../src/verification/stores.ts';

/** A record at an index in a stream of one shard. */
export function sentAt(record: SampleRecord, index: number, maybeTwice = false): SentRecord {
  return { record, position: formatPosition('shardId-000000000000', String(1_000 + index)), maybeTwice };
}

/**
 * The expected stores as a pipeline would leave them: with the expiry, times and high-water marks that the expectation
 * leaves out.
 */
export function processed(expected: Stores): Stores {
  const time = '2026-01-05T10:00:00.000Z';
  const filled = (items: Stores['tweets'], open: Record<string, unknown>) =>
    new Map([...items].map(([key, item]) => [key, { ...open, ...item }]));
  return {
    tweets: filled(expected.tweets, { expiresAt: 1_800_000_000 }),
    hashtags: filled(expected.hashtags, { updatedAt: time, s0: '0041234' }),
    deletions: filled(expected.deletions, { deletedAt: time, expiresAt: 1_800_000_000 }),
    archive: filled(expected.archive, { event_id: '1', removed_at: time, expires_at: 1_800_000_000 }),
    quarantine: filled(expected.quarantine, { arrived_at: time }),
  };
}
