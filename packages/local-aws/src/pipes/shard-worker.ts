import type { Clock } from '@tweet-pipes/kit/clock';
import { sentence } from '@tweet-pipes/kit/thrown';
import { unlessAborted } from '../unless-aborted.ts';
import type { Backoff } from './backoff.ts';
import { Batcher, type BatchLimits, type BatchSteps } from './batcher.ts';
import type { ShardPosition, ShardPositions } from './checkpoint.ts';
import type { DeadLetterCondition, DeliveryResult, Outcome, RetryPolicy } from './delivery.ts';
import { deliver } from './delivery.ts';
import type { DeliveryFailure } from './errors.ts';
import type { RecordFilter } from './filter/record-filter.ts';
import { ForeignCheckpoint, type ReadSource, ShardReader } from './shard-reader.ts';
import type { SourceWrites } from './source-writes.ts';
import type { StreamRecord } from './sources/record.ts';

/** Waits between reads of a shard, in milliseconds. */
export interface IdlePoll {
  /** After a read that returned records, when no more are waiting. */
  readonly shortestMs: number;
  /** Upper bound after several empty reads. */
  readonly longestMs: number;
  /** When more records are waiting. */
  readonly gapMs: number;
}

/** Short after activity, then longer, so that an idle runtime needs little processor time. */
const defaultIdlePoll: IdlePoll = { shortestMs: 50, longestMs: 250, gapMs: 0 };

/** Where writes are known: the upper bound of a wait is for what they do not tell. */
const informedPoll: IdlePoll = { ...defaultIdlePoll, longestMs: 15_000 };

/** Tells what a worker cannot do at the moment and tries again; undefined when it can. */
export type ReportTrouble = (step: 'read' | 'deliver' | 'checkpoint', trouble: string | undefined) => void;

/** What a worker reads, and its checkpoint. */
export interface ShardSource extends ReadSource {
  readonly checkpoint: ShardPositions;
  readonly filter: RecordFilter;
  /** Called with the records of each read, before the filter. */
  onRead?(records: readonly StreamRecord[]): void;
  /** Called with each read that failed. */
  onReadFailure?(error: unknown): void;
  readonly report: ReportTrouble;
  /** The writes to the source, each of which ends a wait. Undefined where they are not known. */
  readonly writes?: SourceWrites;
}

/** When a batch closes, and how reads and deliveries are retried. Limits and retries are read at each use. */
export interface ShardPolicy {
  readonly limits: BatchLimits;
  readonly retry: RetryPolicy;
  /** Between attempts of a batch. */
  readonly retryBackoff: Backoff;
  /** Between reads and checkpoint writes that fail. */
  readonly readBackoff: Backoff;
  /**
   * Default 50 ms after activity, growing to 250 ms, or to 15 s where writes are known, and no wait while more records
   * are waiting.
   */
  readonly idlePoll?: IdlePoll;
}

/** Where a worker delivers. */
export interface ShardSink {
  /** Called with why records are retried or given up, and with undefined when records are delivered again. */
  onProblem(failure: DeliveryFailure | undefined): void;
  /** Sends records through the pipe's stages once. `signal` aborts a running call. */
  attempt(records: readonly StreamRecord[], signal: AbortSignal): Promise<Outcome>;
  /** As `DeliveryParts.sendDeadLetter`; `signal` stops it. */
  sendDeadLetter(
    records: readonly StreamRecord[],
    condition: DeadLetterCondition,
    signal: AbortSignal,
  ): Promise<boolean>;
}

export interface ShardWorkerOptions {
  source: ShardSource;
  policy: ShardPolicy;
  sink: ShardSink;
  clock: Clock;
  /** Injects faults into batching. Default: none. */
  injectFaults?(batcher: Batcher): BatchSteps;
}

/** How a worker ended. An error is fatal: the pipe has to stop. */
export type WorkerResult = 'shard-ended' | 'stopped' | Error;

/**
 * Carries one shard's records through the pipe: read, filter, batch, deliver, checkpoint; one batch at a time. The
 * checkpoint moves only over records that are delivered, dead-lettered or filtered out.
 */
export class ShardWorker {
  readonly #source: ShardSource;
  readonly #policy: ShardPolicy;
  readonly #sink: ShardSink;
  readonly #clock: Clock;
  readonly #batcher: Batcher;
  readonly #steps: BatchSteps;
  /** Records of the current batch that are not done. */
  #inFlight = 0;

  constructor({ source, policy, sink, clock, injectFaults }: ShardWorkerOptions) {
    this.#source = source;
    this.#policy = policy;
    this.#sink = sink;
    this.#clock = clock;
    this.#batcher = new Batcher(policy.limits);
    this.#steps = injectFaults?.(this.#batcher) ?? this.#batcher;
  }

  /** Records read and not yet done, for `pending`. */
  get outstanding(): number {
    return this.#batcher.size + this.#inFlight;
  }

  /** Runs until the shard ends, `stop` aborts (between calls) or `cut` aborts (within a call). Never throws. */
  async run(stop: AbortSignal, cut: AbortSignal): Promise<WorkerResult> {
    try {
      return await this.#run(stop, cut);
    } catch (error) {
      return error instanceof Error ? error : new Error(sentence(error), { cause: error });
    }
  }

  async #run(stop: AbortSignal, cut: AbortSignal): Promise<WorkerResult> {
    const { checkpoint, shardId, writes } = this.#source;
    await unlessAborted(writes?.mayBeRead, stop);
    const from = checkpoint.get(shardId) ?? { at: 'oldest' };
    if (from.at === 'end') return 'shard-ended';
    const reader = new ShardReader(this.#source, this.#clock, from);
    for (;;) {
      const ended = await this.#fill(reader, stop);
      if (stop.aborted) return 'stopped';
      while (this.#batcher.size > 0 && (ended || this.#batcher.dueInMs(this.#clock.now()) === 0)) {
        const batch = this.#steps.take();
        const result = await this.#deliver(batch, stop, cut);
        if (result !== 'done') return result;
        if (!this.#steps.complete(batch)) continue;
        const last = this.#batcher.size === 0 ? reader.lastSequenceNumber : batch.at(-1)?.sequenceNumber;
        await this.#advance(last, stop);
        if (stop.aborted) return 'stopped';
      }
      if (ended) {
        if (!(await this.#save({ at: 'end' }, stop))) return 'stopped';
        return 'shard-ended';
      }
    }
  }

  /** Reads until a batch is due, the shard ends (true) or the worker is stopped. */
  async #fill(reader: ShardReader, stop: AbortSignal): Promise<boolean> {
    const { filter } = this.#source;
    const writes = this.#policy.idlePoll === undefined ? this.#source.writes : undefined;
    const { readBackoff, idlePoll = writes === undefined ? defaultIdlePoll : informedPoll } = this.#policy;
    const clock = this.#clock;
    let idleMs = idlePoll.shortestMs;
    let failures = 0;
    while (!stop.aborted && this.#batcher.dueInMs(clock.now()) !== 0) {
      let waitMs: number;
      const writesBefore = writes?.count;
      try {
        const { records, ended, more } = await reader.read(stop);
        this.#source.onRead?.(records);
        if (failures > 0) this.#source.report('read', undefined);
        failures = 0;
        this.#batcher.add(records.filter(filter), clock.now());
        if (this.#batcher.size === 0) await this.#advance(reader.lastSequenceNumber, stop);
        if (ended) return true;
        if (records.length > 0) idleMs = idlePoll.shortestMs;
        waitMs = more ? idlePoll.gapMs : idleMs;
        if (!more) idleMs = Math.min(idlePoll.longestMs, idleMs * 1.5);
      } catch (error) {
        if (stop.aborted) return false;
        if (error instanceof ForeignCheckpoint) throw error;
        failures += 1;
        this.#source.onReadFailure?.(error);
        this.#source.report('read', `Its source cannot be read: ${sentence(error)}`);
        waitMs = readBackoff.delayMs(failures);
      }
      const due = this.#batcher.dueInMs(clock.now());
      if (waitMs <= 0 || due === 0) continue;
      const wantedMs = Math.min(waitMs, due ?? waitMs);
      // Other shards' writes must not cause more reads than there are without them.
      const firstMs = writes === undefined || failures > 0 ? wantedMs : Math.min(wantedMs, defaultIdlePoll.longestMs);
      await clock.sleep(firstMs, stop);
      if (wantedMs > firstMs && writes?.count === writesBefore) {
        await this.#sleepUntilWrite(wantedMs - firstMs, stop);
      }
    }
    return false;
  }

  async #sleepUntilWrite(ms: number, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    const over = new AbortController();
    const end = () => over.abort();
    // AbortSignal.any would leave something of each wait at the stop signal.
    stop.addEventListener('abort', end);
    const forget = this.#source.writes?.onNext(end);
    await this.#clock.sleep(ms, over.signal);
    forget?.();
    stop.removeEventListener('abort', end);
  }

  async #deliver(batch: readonly StreamRecord[], stop: AbortSignal, cut: AbortSignal): Promise<DeliveryResult> {
    const progress = new Progress(batch);
    this.#inFlight = batch.length;
    let hasFailed = false;
    try {
      return await deliver(batch, {
        policy: this.#policy.retry,
        limits: this.#policy.limits,
        clock: this.#clock,
        backoff: this.#policy.retryBackoff,
        signal: stop,
        attempt: async (records) => {
          const outcome = await this.#sink.attempt(records, cut);
          this.#source.report('deliver', blockage(outcome));
          return outcome;
        },
        sendDeadLetter: (records, condition) => this.#sink.sendDeadLetter(records, condition, stop),
        failed: (failure) => {
          hasFailed = true;
          this.#sink.onProblem(failure);
        },
        resolved: async (records) => {
          if (hasFailed) this.#sink.onProblem(undefined);
          hasFailed = false;
          this.#inFlight = progress.resolve(records);
          const upTo = progress.doneUpTo;
          if (this.#inFlight > 0 && upTo !== undefined) await this.#advance(upTo, stop);
        },
        bisect: (records) => this.#steps.bisect(records),
      });
    } finally {
      this.#inFlight = 0;
    }
  }

  async #advance(to: string | undefined, stop: AbortSignal): Promise<void> {
    const { checkpoint, shardId } = this.#source;
    const now = checkpoint.get(shardId);
    if (to === undefined || (now?.at === 'after' && BigInt(now.sequenceNumber) >= BigInt(to))) return;
    await this.#save({ at: 'after', sequenceNumber: to }, stop);
  }

  /**
   * Tries until the position is on disk. False when `stop` aborts before: the records are redelivered after a restart.
   */
  async #save(position: ShardPosition, stop: AbortSignal): Promise<boolean> {
    const { checkpoint, shardId, report } = this.#source;
    for (let failures = 0; ; ) {
      try {
        await checkpoint.set([[shardId, position]]);
        if (failures > 0) report('checkpoint', undefined);
        return true;
      } catch (error) {
        if (stop.aborted) return false;
        failures += 1;
        report('checkpoint', `Its checkpoint cannot be written: ${sentence(error)}`);
        await this.#clock.sleep(this.#policy.readBackoff.delayMs(failures), stop);
      }
    }
  }
}

/** Why a batch is tried again without end. Undefined for an attempt that succeeded or that counts. */
function blockage(outcome: Outcome): string | undefined {
  if (outcome.result === 'succeeded' || outcome.failure.kind !== 'internal') return undefined;
  return `Its target or enrichment does not answer: ${sentence(outcome.failure)}`;
}

/** Which records of a batch are done, and the last one before the first gap. */
class Progress {
  readonly #batch: readonly StreamRecord[];
  readonly #open: Set<StreamRecord>;

  constructor(batch: readonly StreamRecord[]) {
    this.#batch = batch;
    this.#open = new Set(batch);
  }

  /** Returns the number of records that are still open. */
  resolve(records: readonly StreamRecord[]): number {
    for (const record of records) this.#open.delete(record);
    return this.#open.size;
  }

  get doneUpTo(): string | undefined {
    const firstOpen = this.#batch.findIndex((record) => this.#open.has(record));
    return this.#batch[(firstOpen === -1 ? this.#batch.length : firstOpen) - 1]?.sequenceNumber;
  }
}
