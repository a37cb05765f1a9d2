import { setImmediate as nextTurn } from 'node:timers/promises';
import db, { type Store, type StreamMeta } from 'kinesalite/db/index.js';

/** Deletes in one batch. */
const BATCH = 1_000;

/**
 * Mends what a kill in the middle of CreateStream, DeleteStream or a reshard left: kinesalite changes the status in two steps, and nothing takes the second one after a restart.
 * A stream half created or half deleted is removed, one half resharded is as before.
 */
export async function mendStreams(store: Store): Promise<void> {
  for (const stream of await streams(store)) {
    if (stream.StreamStatus === 'ACTIVE') continue;
    if (stream.StreamStatus === 'UPDATING') {
      await store.metaDb.put(stream.StreamName, { ...stream, StreamStatus: 'ACTIVE' });
    } else {
      await new Promise<void>((resolve, reject) => {
        store.deleteStreamDb(stream.StreamName, (error) => (error ? reject(error) : resolve()));
      });
      await store.metaDb.del(stream.StreamName);
    }
  }
}

/** Deletes the records older than their stream's retention. Returns how many. kinesalite itself does so only for records that somebody reads. */
export async function expireRecords(store: Store, nowMs: number): Promise<number> {
  let removed = 0;
  for (const stream of await streams(store)) {
    const records = store.getStreamDb(stream.StreamName);
    const cutoffMs = nowMs - stream.RetentionPeriodHours * 3_600_000;
    for (const index of stream.Shards.keys()) {
      let expired: { type: 'del'; key: string }[] = [];
      const shard = { gt: db.shardIxToHex(index), lt: db.shardIxToHex(index + 1) };
      const keys: AsyncIterable<string> = records.createKeyStream(shard);
      for await (const key of keys) {
        if (db.parseSequence(key.slice(key.indexOf('/') + 1)).seqTime >= cutoffMs) break;
        expired.push({ type: 'del', key });
        if (expired.length === BATCH) {
          await records.batch(expired);
          removed += expired.length;
          expired = [];
        }
      }
      if (expired.length > 0) await records.batch(expired);
      removed += expired.length;
    }
  }
  return removed;
}

/** Resolves when a stream that was just created can be used: kinesalite finishes it a turn of the event loop later. */
export async function whenActive(store: Store, streamName: string): Promise<StreamMeta> {
  for (;;) {
    const stream = await store.metaDb.get(streamName);
    if (stream.StreamStatus === 'ACTIVE') return stream;
    await nextTurn();
  }
}

async function streams(store: Store): Promise<StreamMeta[]> {
  const values: AsyncIterable<StreamMeta> = store.metaDb.createValueStream();
  const found: StreamMeta[] = [];
  for await (const stream of values) found.push(stream);
  return found;
}
