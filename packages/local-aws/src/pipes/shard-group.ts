import type { Clock } from '@tweet-pipes/kit/clock';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { ShardPosition, ShardPositions } from './checkpoint.ts';
import type { ShardWorker, WorkerResult } from './shard-worker.ts';
import type { Shard, StreamSource } from './sources/source.ts';

/** Between two discoveries of new shards. The end of a shard triggers one at once. */
const discoverEveryMs = 10_000;

/** Where the shards that exist at a pipe's first run begin. Later shards begin at their oldest record. */
export type StartingPosition = { at: 'TRIM_HORIZON' } | { at: 'LATEST' } | { at: 'AT_TIMESTAMP'; timestampMs: number };

export interface ShardGroupOptions {
  source: StreamSource;
  checkpoint: ShardPositions;
  startingPosition: StartingPosition;
  clock: Clock;
  worker(shardId: string, isClosed: () => boolean): ShardWorker;
  onProblem(problem: string | undefined): void;
  /** Called with an error that is not retryable. */
  onFatal(error: Error): void;
}

/** Runs a worker for each shard whose parents are done, and discovers new shards. */
export class ShardGroup {
  readonly #options: ShardGroupOptions;
  readonly #running = new Map<string, { worker: ShardWorker; ended: Promise<void> }>();
  readonly #closed = new Set<string>();
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  #wake = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(options: ShardGroupOptions) {
    this.#options = options;
  }

  /**
   * Lists the shards, writes their starting positions to disk and starts the first workers. Throws when the source
   * cannot be read.
   */
  async start(): Promise<void> {
    await this.#discover(this.#options.checkpoint.isNew);
    this.#loop = this.#watch();
  }

  /**
   * Stops reading at once. A running call may finish within `graceMs`, then it is aborted. Resolves when no worker
   * runs.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    const over = new AbortController();
    void this.#options.clock.sleep(graceMs, over.signal).then(() => {
      if (!over.signal.aborted) this.#cut.abort();
    });
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
    await this.#loop;
    over.abort();
  }

  /** Records of a shard that are read and not done. */
  outstanding(shardId: string): number {
    return this.#running.get(shardId)?.worker.outstanding ?? 0;
  }

  async #watch(): Promise<void> {
    const { clock, onProblem } = this.#options;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(discoverEveryMs, this.#wake.signal);
      this.#wake = new AbortController();
      if (this.#stop.signal.aborted) return;
      try {
        await this.#discover(false);
        onProblem(undefined);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        onProblem(`Its source cannot be read: ${sentence(error)}`);
      }
    }
  }

  async #discover(first: boolean): Promise<void> {
    const { source, checkpoint } = this.#options;
    const shards = await source.listShards(this.#stop.signal);
    for (const { shardId, closed } of shards) if (closed) this.#closed.add(shardId);
    const listed = new Set(shards.map(({ shardId }) => shardId));
    const changes: [string, ShardPosition | undefined][] = [];
    for (const shard of shards) {
      if (checkpoint.get(shard.shardId) === undefined) {
        changes.push([shard.shardId, first ? await this.#startingPosition(shard) : { at: 'oldest' }]);
      }
    }
    for (const shardId of checkpoint.durable.keys()) {
      if (!listed.has(shardId) && !this.#running.has(shardId)) changes.push([shardId, undefined]);
    }
    if (changes.length > 0 || first) await checkpoint.set(changes);
    for (const shard of shards) this.#startIfReady(shard, listed);
  }

  #startIfReady(shard: Shard, listed: ReadonlySet<string>): void {
    const { checkpoint, worker } = this.#options;
    const { shardId } = shard;
    if (this.#stop.signal.aborted || this.#running.has(shardId) || checkpoint.get(shardId)?.at === 'end') return;
    const parents = shard.parentShardIds.filter((parent) => listed.has(parent));
    if (parents.some((parent) => checkpoint.get(parent)?.at !== 'end')) return;
    const made = worker(shardId, () => this.#closed.has(shardId));
    const ended = made.run(this.#stop.signal, this.#cut.signal).then((end) => this.#finished(shardId, end));
    this.#running.set(shardId, { worker: made, ended });
  }

  #finished(shardId: string, end: WorkerResult): void {
    this.#running.delete(shardId);
    if (end instanceof Error) this.#options.onFatal(end);
    else if (end === 'shard-ended') this.#wake.abort();
  }

  /**
   * Resolves LATEST to the current last record, so that it means the same after a crash. The whole shard is read for
   * it, which takes time on long streams, because the engines' iterators by time are not reliable.
   */
  async #startingPosition({ shardId }: Shard): Promise<ShardPosition> {
    const { startingPosition, source } = this.#options;
    switch (startingPosition.at) {
      case 'TRIM_HORIZON':
        return { at: 'oldest' };
      case 'AT_TIMESTAMP':
        return { at: 'time', fromMs: startingPosition.timestampMs };
      case 'LATEST': {
        const signal = this.#stop.signal;
        let last: string | undefined;
        let iterator: string | undefined = await source.openIterator(shardId, undefined, signal);
        while (iterator !== undefined) {
          const page = await source.getRecords(shardId, iterator, 100, signal);
          last = page.records.at(-1)?.sequenceNumber ?? last;
          if (page.records.length === 0 && page.behindMs === 0) break;
          iterator = page.next;
        }
        return last === undefined ? { at: 'oldest' } : { at: 'after', sequenceNumber: last };
      }
    }
  }
}
