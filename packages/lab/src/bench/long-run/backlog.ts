import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const checkpoint = z.object({
  sources: z.record(
    z.string(),
    z.object({ shards: z.record(z.string(), z.looseObject({ sequenceNumber: z.string().optional() })) }),
  ),
});

/** Measures the lag of the ingest pipe: records in the stream beyond its checkpoint on disk. */
export class Backlog {
  readonly #file: string;
  /** Sequence numbers that are not done, by shard; all have the same length, so that text sorts as numbers. */
  readonly #open = new Map<string, string[]>();
  #landed = 0;
  #done = 0;

  constructor(dataFolder: string, pipeName: string) {
    this.#file = join(dataFolder, 'pipes', pipeName, 'checkpoint.json');
  }

  landed(shardId: string, sequenceNumber: string): void {
    this.#landed += 1;
    const shard = this.#open.get(shardId);
    if (shard === undefined) this.#open.set(shardId, [sequenceNumber]);
    else shard.push(sequenceNumber);
  }

  /** Records in the stream that are not done, at the last reading. */
  get size(): number {
    return this.#landed - this.#done;
  }

  /** Reads the checkpoint and returns the number of records that are done. */
  async look(): Promise<number> {
    const text = await readFile(this.#file, 'utf8').catch(() => undefined);
    if (text === undefined) return this.#done; // There is no checkpoint yet.
    for (const { shards } of Object.values(checkpoint.parse(JSON.parse(text)).sources)) {
      for (const [shardId, { sequenceNumber }] of Object.entries(shards)) {
        if (sequenceNumber !== undefined) this.#drop(shardId, sequenceNumber);
      }
    }
    return this.#done;
  }

  #drop(shardId: string, upTo: string): void {
    // Concurrent calls may be answered in another order than the stream's.
    const still = (this.#open.get(shardId) ?? []).filter((sequenceNumber) => sequenceNumber > upTo);
    this.#done += (this.#open.get(shardId)?.length ?? 0) - still.length;
    this.#open.set(shardId, still);
  }
}
