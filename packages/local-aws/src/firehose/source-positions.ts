import type { Checkpoint, ShardPosition, ShardPositions } from '../pipes/checkpoint.ts';

/**
 * The positions of a delivery stream in its source. The checkpoint on disk covers what is in S3; reading continues
 * behind what is in the journals.
 */
export class SourcePositions implements ShardPositions {
  readonly #checkpoint: Checkpoint;
  readonly #read: Map<string, ShardPosition>;
  /** Shards read to their end, with the last position before it. */
  readonly #ends = new Map<string, ShardPosition>();

  /** `journalled`: the highest sequence number per shard of each journal that an earlier process left, in order. */
  constructor(checkpoint: Checkpoint, journalled: readonly ReadonlyMap<string, string>[]) {
    this.#checkpoint = checkpoint;
    this.#read = new Map(checkpoint.durable);
    for (const [shardId, sequenceNumber] of journalled.flatMap((positions) => [...positions])) {
      const known = this.#read.get(shardId);
      const isBehind = known?.at === 'after' && BigInt(known.sequenceNumber) >= BigInt(sequenceNumber);
      if (known?.at !== 'end' && !isBehind) this.#read.set(shardId, { at: 'after', sequenceNumber });
    }
  }

  get isNew(): boolean {
    return this.#checkpoint.isNew;
  }

  get(shardId: string): ShardPosition | undefined {
    return this.#read.get(shardId);
  }

  get durable(): ReadonlyMap<string, ShardPosition> {
    return this.#checkpoint.durable;
  }

  /**
   * A shard that is new or gone is on disk when this resolves. What was read is in a journal, and comes into the
   * checkpoint by {@link delivered}.
   */
  async set(changes: Iterable<readonly [shardId: string, position: ShardPosition | undefined]>): Promise<void> {
    const atOnce: [string, ShardPosition | undefined][] = [];
    for (const [shardId, to] of changes) {
      const known = this.#read.get(shardId);
      if (to === undefined) this.#read.delete(shardId);
      else this.#read.set(shardId, to);
      if (to === undefined || known === undefined) atOnce.push([shardId, to]);
      else if (to.at === 'end') this.#ends.set(shardId, known);
    }
    await this.#save(atOnce);
  }

  /** Moves the checkpoint over records that are in S3. Throws the system's errors. Retryable. */
  async delivered(positions: ReadonlyMap<string, string>): Promise<void> {
    await this.#save([...positions].map(([shardId, sequenceNumber]) => [shardId, { at: 'after', sequenceNumber }]));
  }

  async #save(changes: [string, ShardPosition | undefined][]): Promise<void> {
    const moved = new Map(changes);
    for (const [shardId, last] of this.#ends) {
      const now = moved.has(shardId) ? moved.get(shardId) : this.#checkpoint.get(shardId);
      if (!isSame(now, last)) continue;
      moved.set(shardId, { at: 'end' });
      this.#ends.delete(shardId);
    }
    if (moved.size > 0 || this.isNew) await this.#checkpoint.set(moved);
  }
}

function isSame(a: ShardPosition | undefined, b: ShardPosition): boolean {
  return a?.at === b.at && (a.at !== 'after' || b.at !== 'after' || a.sequenceNumber === b.sequenceNumber);
}
