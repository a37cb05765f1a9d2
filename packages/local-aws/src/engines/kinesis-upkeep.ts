import { setImmediate as nextTurn } from 'node:timers/promises';
import db, { type Store, type StreamMeta } from 'kinesalite/db/index.js';
import { allStreams } from './kinesis-operation.ts';

/** Keys deleted by one batch. */
const BATCH = 1_000;

/**
 * Repairs streams after a kill during CreateStream, DeleteStream or a reshard. kinesalite changes the status in two
 * steps and does not resume the second one. A half created or half deleted stream is removed. A half resharded one
 * becomes ACTIVE unchanged.
 */
export async function mendStreams(store: Store): Promise<void> {
  for (const stream of await allStreams(store)) {
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

/**
 * Deletes the records older than their stream's retention. Returns their number. kinesalite itself does so only for
 * records that are read.
 */
export async function expireRecords(store: Store, nowMs: number): Promise<number> {
  let removed = 0;
  for (const stream of await allStreams(store)) {
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

/**
 * Resolves when a change of a stream is complete, to the stream, or to undefined when it is deleted. kinesalite
 * completes a change a turn of the event loop after its answer. The store must stay open until then: a write to a
 * closed LevelDB crashes the process.
 */
export async function whenSettled(store: Store, streamName: string): Promise<StreamMeta | undefined> {
  for (;;) {
    const stream = await streamIfAny(store, streamName);
    if (stream === undefined || stream.StreamStatus === 'ACTIVE') return stream;
    await nextTurn();
  }
}

async function streamIfAny(store: Store, streamName: string): Promise<StreamMeta | undefined> {
  try {
    return await store.metaDb.get(streamName);
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}
