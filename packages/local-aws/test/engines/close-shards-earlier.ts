import { join } from 'node:path';
import db, { type StreamMeta } from 'kinesalite/db/index.js';

/**
 * Changes the Kinesis engine's files in a runtime's data folder as if all closed shards had been closed `ms`
 * milliseconds earlier. The runtime must not be running.
 */
export async function closeShardsEarlier(dataFolder: string, ms: number): Promise<void> {
  const path = join(dataFolder, 'kinesis');
  const store = db.create({ path, createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 500 });
  await store.db.open();
  const streams: AsyncIterable<StreamMeta> = store.metaDb.createValueStream();
  for await (const stream of streams) {
    for (const { SequenceNumberRange: range } of stream.Shards) {
      if (range.EndingSequenceNumber === undefined) continue;
      const end = db.parseSequence(range.EndingSequenceNumber);
      range.EndingSequenceNumber = db.stringifySequence({ ...end, seqTime: end.seqTime - ms });
    }
    await store.metaDb.put(stream.StreamName, stream);
  }
  await store.db.close();
}
