import type { Clock } from '@tweet-pipes/kit/clock';
import { sentence } from '@tweet-pipes/kit/thrown';
import type { Backoff } from './backoff.ts';
import type { BatchLimits } from './batcher.ts';
import { Batcher } from './batcher.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DeliveryEnd, GivenUp, Outcome, RetryPolicy } from './delivery.ts';
import { deliver } from './delivery.ts';
import type { RecordFilter } from './filter/record-filter.ts';
import { ForeignCheckpoint, ShardReader } from './shard-reader.ts';
import type { StreamRecord } from './sources/record.ts';
import type { StreamSource } from './sources/source.ts';

/** Waits between reads of a shard, in milliseconds. */
export interface IdlePoll {
  /** After a read that brought something, and nothing more is waiting. */
  readonly shortestMs: number;
  /** After several that brought nothing. */
  readonly longestMs: number;
  /** When more is waiting. */
  readonly gapMs: number;
}

/** Short after activity, then longer, so that an idle runtime stays idle. */
const defaultIdlePoll: IdlePoll = { shortestMs: 50, longestMs: 250, gapMs: 0 };

export interface ShardWorkerOptions {
  source: StreamSource;
  shardId: string;
  checkpoint: Checkpoint;
  filter: RecordFilter;
  limits: BatchLimits;
  policy: RetryPolicy;
  clock: Clock;
  /** Between attempts of a batch. */
  retryBackoff: Backoff;
  /** Between reads that fail. */
  pollBackoff: Backoff;
  /** Default 50 ms after activity, growing to 250, and no wait when more is there. */
  idlePoll?: IdlePoll;
  isClosed(): boolean;
  /** Sends records through the pipe's stages once. `signal` cuts a running call short. */
  attempt(records: readonly StreamRecord[], signal: AbortSignal): Promise<Outcome>;
  /** True when the dead-letter queue has them; false when the signal ended it before. */
  giveUp(records: readonly StreamRecord[], condition: GivenUp, signal: AbortSignal): Promise<boolean>;
  /** The source cannot be read (a message), or can be again (undefined). */
  onProblem(problem: string | undefined): void;
  /** Told of each read with what it brought, before the filter. */
  onRead?(records: readonly StreamRecord[]): void;
  cutBatch?(waiting: number): number;
  redeliver?(batch: readonly StreamRecord[]): boolean;
  swapHalves?(): boolean;
}

/** How a worker ended. An error is fatal: the pipe has to stop. */
export type WorkerEnd = 'shard-ended' | 'stopped' | Error;

/**
 * Carries one shard's records through the pipe: read, filter, batch, deliver, checkpoint; one batch at a time. The
 * checkpoint moves only over records that are delivered, dead-lettered or filtered out.
 */
export class ShardWorker {
  readonly #options: ShardWorkerOptions;
  readonly #batcher: Batcher;
  /** Records of the current batch that are not done. */
  #inFlight = 0;

  constructor(options: ShardWorkerOptions) {
    this.#options = options;
    this.#batcher = new Batcher(options.limits);
  }

  /** Records read and not yet done, for `pending`. */
  get outstanding(): number {
    return this.#batcher.size + this.#inFlight;
  }

  /** Runs until the shard ends, `stop` aborts (between calls) or `cut` aborts (also within a call). Never throws. */
  async run(stop: AbortSignal, cut: AbortSignal): Promise<WorkerEnd> {
    try {
      return await this.#run(stop, cut);
    } catch (error) {
      return error instanceof Error ? error : new Error(sentence(error), { cause: error });
    }
  }

  async #run(stop: AbortSignal, cut: AbortSignal): Promise<WorkerEnd> {
    const { checkpoint, shardId, clock, limits, redeliver } = this.#options;
    const from = checkpoint.get(shardId) ?? { at: 'oldest' };
    if (from.at === 'end') return 'shard-ended';
    const reader = new ShardReader(this.#options, from);
    for (;;) {
      const ended = await this.#fill(reader, stop);
      if (stop.aborted) return 'stopped';
      while (this.#batcher.size > 0 && (ended || this.#batcher.dueInMs(clock.now()) === 0)) {
        const batch = this.#batcher.take(this.#options.cutBatch?.(Math.min(this.#batcher.size, limits.batchSize)));
        const end = await this.#deliver(batch, stop, cut);
        if (end !== 'done') return end;
        if (redeliver?.(batch)) {
          this.#batcher.putBack(batch);
          continue;
        }
        const last = this.#batcher.size === 0 ? reader.lastSequenceNumber : batch.at(-1)?.sequenceNumber;
        await this.#advance(last);
        if (stop.aborted) return 'stopped';
      }
      if (ended) {
        await checkpoint.set([[shardId, { at: 'end' }]]);
        return 'shard-ended';
      }
    }
  }

  /** Reads until a batch is due, the shard ends (true) or the worker is stopped. */
  async #fill(reader: ShardReader, stop: AbortSignal): Promise<boolean> {
    const { clock, filter, onProblem, pollBackoff, idlePoll = defaultIdlePoll } = this.#options;
    let idleMs = idlePoll.shortestMs;
    let failures = 0;
    while (!stop.aborted && this.#batcher.dueInMs(clock.now()) !== 0) {
      let waitMs: number;
      try {
        const { records, ended, more } = await reader.read(stop);
        this.#options.onRead?.(records);
        if (failures > 0) onProblem(undefined);
        failures = 0;
        this.#batcher.add(records.filter(filter), clock.now());
        if (this.#batcher.size === 0) await this.#advance(reader.lastSequenceNumber);
        if (ended) return true;
        if (records.length > 0) idleMs = idlePoll.shortestMs;
        waitMs = more ? idlePoll.gapMs : idleMs;
        if (!more) idleMs = Math.min(idlePoll.longestMs, idleMs * 1.5);
      } catch (error) {
        if (stop.aborted) return false;
        if (error instanceof ForeignCheckpoint) throw error;
        failures += 1;
        onProblem(sentence(error));
        waitMs = pollBackoff.delayMs(failures);
      }
      const due = this.#batcher.dueInMs(clock.now());
      if (waitMs > 0 && due !== 0) await clock.sleep(Math.min(waitMs, due ?? waitMs), stop);
    }
    return false;
  }

  async #deliver(batch: readonly StreamRecord[], stop: AbortSignal, cut: AbortSignal): Promise<DeliveryEnd> {
    const { policy, clock, retryBackoff, attempt, giveUp, swapHalves } = this.#options;
    const progress = new Progress(batch);
    this.#inFlight = batch.length;
    try {
      return await deliver(batch, {
        policy,
        clock,
        backoff: retryBackoff,
        signal: stop,
        attempt: (records) => attempt(records, cut),
        giveUp: (records, condition) => giveUp(records, condition, stop),
        resolved: async (records) => {
          this.#inFlight = progress.resolve(records);
          const upTo = progress.doneUpTo;
          if (this.#inFlight > 0 && upTo !== undefined) await this.#advance(upTo);
        },
        swapHalves: () => swapHalves?.() ?? false,
      });
    } finally {
      this.#inFlight = 0;
    }
  }

  async #advance(to: string | undefined): Promise<void> {
    const { checkpoint, shardId } = this.#options;
    const now = checkpoint.get(shardId);
    if (to === undefined || (now?.at === 'after' && BigInt(now.sequenceNumber) >= BigInt(to))) return;
    await checkpoint.set([[shardId, { at: 'after', sequenceNumber: to }]]);
  }
}

/** Which records of a batch are done, and up to where without a gap. */
class Progress {
  readonly #batch: readonly StreamRecord[];
  readonly #open: Set<StreamRecord>;

  constructor(batch: readonly StreamRecord[]) {
    this.#batch = batch;
    this.#open = new Set(batch);
  }

  /** Returns how many are still open. */
  resolve(records: readonly StreamRecord[]): number {
    for (const record of records) this.#open.delete(record);
    return this.#open.size;
  }

  get doneUpTo(): string | undefined {
    const firstOpen = this.#batch.findIndex((record) => this.#open.has(record));
    return this.#batch[(firstOpen === -1 ? this.#batch.length : firstOpen) - 1]?.sequenceNumber;
  }
}
