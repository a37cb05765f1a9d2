import db, { type Store, type SubLevel } from 'kinesalite/db/index.js';

/** Records of a shard that one step deletes; between steps it is measured again. */
const STEP_RECORDS = 500;

/** What of a stream may go before its retention is over. */
export interface Done {
  streamName: string;
  /** MB (10^6 bytes) on disk that the stream may have; newer records, and those that are not done, may take it over. */
  megabytes: number;
  /**
   * By shard id, up to which sequence number everybody is done; null, or no entry, for shards of which nothing may go.
   */
  upTo: ReadonlyMap<string, string | null>;
  /** Ranges of sequence numbers that stay, both ends included. */
  keep: readonly { from: string; to: string }[];
}

/**
 * Deletes the oldest records that are done until the stream has the size it may have. Returns how many. A stream whose
 * retention was raised above the default day is left alone: somebody wants its records.
 */
export async function trimStream(store: Store, done: Done): Promise<number> {
  const { RetentionPeriodHours } = await store.metaDb.get(done.streamName);
  if (RetentionPeriodHours > 24) return 0;
  const records = store.getStreamDb(done.streamName);
  let removed = 0;
  while ((await sizeOnDisk(store, done.streamName)) > done.megabytes * 1e6) {
    let step = 0;
    for (const [shardId, upTo] of done.upTo) {
      if (upTo === null) continue;
      const keys = await oldestKeys(records, shardId, BigInt(upTo), done.keep);
      const [first, last] = [keys[0], keys.at(-1)];
      if (first === undefined || last === undefined) continue;
      await records.batch(keys.map((key) => ({ type: 'del', key })));
      await compactFiles(store, done.streamName, first, last);
      step += keys.length;
    }
    if (step === 0) break;
    removed += step;
  }
  return removed;
}

async function oldestKeys(
  records: SubLevel<unknown>,
  shardId: string,
  upTo: bigint,
  keep: Done['keep'],
): Promise<string[]> {
  const { shardIx } = db.resolveShardId(shardId);
  const keys: AsyncIterable<string> = records.createKeyStream({
    gt: db.shardIxToHex(shardIx),
    lt: db.shardIxToHex(shardIx + 1),
  });
  const found: string[] = [];
  for await (const key of keys) {
    const sequence = BigInt(key.slice(key.indexOf('/') + 1));
    if (sequence > upTo || found.length === STEP_RECORDS) break;
    if (!keep.some(({ from, to }) => sequence >= BigInt(from) && sequence <= BigInt(to))) found.push(key);
  }
  return found;
}

/** Of the files, so without what was put in the last moments: about 4 MB. */
function sizeOnDisk(store: Store, streamName: string): Promise<number> {
  return new Promise((resolve, reject) => {
    store.db.approximateSize(levelKey(streamName, ''), levelKey(streamName, '~'), (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    );
  });
}

/** Deleting only marks; this takes what is marked out of the files. */
function compactFiles(store: Store, streamName: string, first: string, last: string): Promise<void> {
  return new Promise((resolve, reject) => {
    store.db.compactRange(levelKey(streamName, first), levelKey(streamName, last), (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** A key as LevelDB has it, behind the name of its part of the database. */
function levelKey(streamName: string, key: string): string {
  return `!stream-${streamName}!${key}`;
}
