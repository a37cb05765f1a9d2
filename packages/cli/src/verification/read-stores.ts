import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { counterKey } from '@tweet-pipes/kit/counter-key';
import { sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import { isMarkerId } from '../recovery/redrive-marker.ts';
import { hourFolder } from '../stack/hour-folder.ts';
import type { StackOutputs } from '../stack/outputs.ts';
import { readShardItems } from '../tables/counter-items.ts';
import { quarantineKey } from './expectation.ts';
import type { Mentions } from './mentions.ts';
import type { ObjectReader } from './read-objects.ts';
import { readItems, readWholeTable } from './read-tables.ts';
import type { SentRecord, Stores } from './stores.ts';
import { wholeCounters } from './whole-counters.ts';

/** What the readers need. */
export interface StoresAccess {
  clients: AwsClients;
  outputs: StackOutputs;
  clock: Clock;
  objects: ObjectReader;
}

/**
 * Everything that the stores hold, so that what should not be there is found too. For the local runtime, where that is
 * little.
 */
export async function readWholeStores({ clients, outputs, objects }: StoresAccess): Promise<Stores> {
  const [tweets, hashtags, deletions, archive, quarantine] = await Promise.all([
    readWholeTable(clients, outputs.TweetTableName, 'id'),
    readWholeTable(clients, outputs.HashtagTableName, 'hashtag').then(wholeCounters),
    readWholeTable(clients, outputs.DeletionTableName, 'id'),
    objects.archiveRows(['deleted/']),
    objects.quarantine([{ prefix: 'quarantine/' }]),
  ]);
  // The markers of redrive are no tombstones.
  for (const id of deletions.keys()) if (isMarkerId(id)) deletions.delete(id);
  return { tweets, hashtags, deletions, archive, quarantine };
}

/**
 * What the stores hold about one run, and nothing else. `sinceMs` is a time before the run's first record, in epoch
 * milliseconds.
 */
export async function readStoresOfRun(
  { clients, outputs, clock, objects }: StoresAccess,
  mentions: Mentions,
  sent: readonly SentRecord[],
  sinceMs: number,
): Promise<Stores> {
  const own = new Set(sent.flatMap(({ position }) => [quarantineKey(position), outOfOrderKey(position)]));
  // The hashtags are the run's own. Its shards were advanced just now, so none of them has left the table of shards.
  const used = new Set([0, ...(await readShardItems(clients, outputs.ShardTableName)).values()]);
  const counters = new Set([...mentions.hashtags].flatMap((tag) => [...used].map((item) => counterKey(tag, item))));
  const [tweets, hashtags, deletions, archive, quarantine] = await Promise.all([
    readItems(clients, clock, outputs.TweetTableName, 'id', mentions.ids),
    readItems(clients, clock, outputs.HashtagTableName, 'hashtag', counters).then(wholeCounters),
    readItems(clients, clock, outputs.DeletionTableName, 'id', mentions.ids),
    objects.archiveRows(archivePrefixes(sinceMs, clock.now())),
    objects.quarantine(quarantineRanges(sent), (key) => own.has(key)),
  ]);
  for (const [key, { id, hashtag }] of archive) {
    if (!mentions.ids.has(String(id)) && !mentions.hashtags.has(String(hashtag))) archive.delete(key);
  }
  return { tweets, hashtags, deletions, archive, quarantine };
}

const hourMs = 3_600_000;

/** The hours in which Firehose can have put the removals of a run, and one hour more on each side, as clocks differ. */
export function archivePrefixes(sinceMs: number, untilMs: number): string[] {
  const prefixes: string[] = [];
  for (let hour = Math.floor(sinceMs / hourMs) - 1; hour * hourMs <= untilMs + hourMs; hour += 1) {
    for (const table of ['tweets', 'hashtags']) prefixes.push(`deleted/${table}/${hourFolder(hour * hourMs)}`);
  }
  return prefixes;
}

function outOfOrderKey(position: string): string {
  return quarantineKey(position).replace('quarantine/', 'quarantine/out-of-order/');
}

/**
 * Per shard, the keys from the run's first record on. The sequence numbers of a shard have one length, so the keys sort
 * as the numbers do.
 */
function quarantineRanges(sent: readonly SentRecord[]): { prefix: string; after: string }[] {
  const first = new Map<string, string>();
  for (const { position } of sent) {
    const known = first.get(shardOf(position));
    if (known === undefined || position < known) first.set(shardOf(position), position);
  }
  return [...first].flatMap(([shard, position]) =>
    [`quarantine/${shard}/`, `quarantine/out-of-order/${shard}/`].map((prefix) => ({
      prefix,
      after: `${prefix}${sequenceOf(position)}`,
    })),
  );
}
