import db, { type Store, type SubLevel } from 'kinesalite/db/index.js';

/** Records of a shard deleted by one step. The size is measured before each step. */
const STEP_RECORDS = 500;

/** The records of a stream that may be trimmed before its retention ends. */
export interface Done {
  streamName: string;
  /** Target size on disk in MB (10^6 bytes). Records that are not done may exceed it. */
  megabytes: number;
  /** By shard id, the sequence number up to which every pipe is done. Null or absent: the shard must not be trimmed. */
  upTo: ReadonlyMap<string, string | null>;
  /** Inclusive ranges of sequence numbers that stay. */
  keep: readonly { from: string; to: string }[];
}

/**
 * Deletes the oldest records that are done until the stream has its target size. Returns their number. Skips a stream
 * whose retention exceeds the default of a day.
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

/** The size of the files. Recent records, about 4 MB, are not in them yet. */
function sizeOnDisk(store: Store, streamName: string): Promise<number> {
  return new Promise((resolve, reject) => {
    store.db.approximateSize(levelKey(streamName, ''), levelKey(streamName, '~'), (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    );
  });
}

/** LevelDB only marks deleted keys. Compaction removes them from the files. */
function compactFiles(store: Store, streamName: string, first: string, last: string): Promise<void> {
  return new Promise((resolve, reject) => {
    store.db.compactRange(levelKey(streamName, first), levelKey(streamName, last), (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** A key in LevelDB, with the prefix of the stream's sublevel. */
function levelKey(streamName: string, key: string): string {
  return `!stream-${streamName}!${key}`;
}
