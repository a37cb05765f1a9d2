import * as z from 'zod';

import { parseJson } from '../json.ts';
import type { ObjectStore } from './object-store.ts';

/** Below it is the progress of forgetting. It holds ids and times. */
const progressKey = 'forgetting/progress.json';

const schema = z.strictObject({
  /** Where the last search that was finished began: what came before it was searched. Epoch milliseconds. */
  searchedMs: z.number().default(0),
  /** A search that is not finished yet. */
  search: z
    .strictObject({
      /** Epoch milliseconds. */
      beganMs: z.number(),
      /** The ids that it searches everything for. */
      ids: z.array(z.string()),
      /** The folder that it is in, as a number, and the last key of it that is done. */
      folder: z.number(),
      afterKey: z.string(),
      /** Keys of the lake's objects that hold what it looks for. */
      matches: z.array(z.string()),
    })
    .optional(),
  /** Results of queries from before this time may hold what was removed. Epoch milliseconds; 0 if there are none. */
  resultsBeforeMs: z.number().default(0),
});

/** How far forgetting is. If it is lost, everything is searched once more. */
export type Progress = z.output<typeof schema>;

/** Reads the progress; that of the beginning if there is none, or if it cannot be read. */
export async function readProgress(store: ObjectStore, bucket: string): Promise<Progress> {
  const stored = await store.readCurrent(bucket, progressKey);
  const parsed = stored === undefined ? undefined : schema.safeParse(parseJson(stored.body.toString('utf8')));
  return parsed?.data ?? { searchedMs: 0, resultsBeforeMs: 0 };
}

/** Writes the progress. Of two runs at a time either's may stay. */
export async function writeProgress(store: ObjectStore, bucket: string, progress: Progress): Promise<void> {
  const body = Buffer.from(JSON.stringify(progress));
  for (;;) {
    const replaced = await store.readCurrent(bucket, progressKey);
    const written = await store.write(bucket, progressKey, body, replaced);
    if (written === undefined) continue;
    if (replaced?.versionId !== undefined && replaced.versionId !== written.versionId) {
      await store.remove(bucket, progressKey, replaced.versionId);
    }
    return;
  }
}
