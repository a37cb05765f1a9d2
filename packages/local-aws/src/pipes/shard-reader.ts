import type { Clock } from '@tweet-pipes/kit/clock';
import { isNamed, sentence } from '@tweet-pipes/kit/thrown';
import type { ShardPosition } from './checkpoint.ts';
import type { StreamRecord } from './sources/record.ts';
import type { Page, StreamSource } from './sources/source.ts';

/** Iterators expire after five minutes. */
const renewAfterMs = 4 * 60 * 1000;
const maximumRecordsPerCall = 1000;
/** Target size of one answer, in bytes. */
const wantedPageBytes = 8 * 1024 * 1024;

const measuredRecords = 8;

/** The result of one read. `ended`: the shard is closed and read to its end. */
export interface ShardRead {
  readonly records: readonly StreamRecord[];
  readonly ended: boolean;
  /** More records are waiting: read again at once. */
  readonly more: boolean;
}

/**
 * The checkpoint belongs to an earlier stream of the same name. Reading on would skip or redeliver records silently.
 */
export class ForeignCheckpoint extends Error {
  override readonly name = 'ForeignCheckpoint';
}

/** The shard that is read. */
export interface ReadSource {
  readonly stream: StreamSource;
  readonly shardId: string;
  /** Whether discovery has seen that the shard is closed. */
  isClosed(): boolean;
}

/**
 * Reads one shard forward from a position. Renews expired iterators. A trimmed position continues at the oldest record
 * left.
 */
export class ShardReader {
  readonly #source: ReadSource;
  readonly #clock: Clock;
  #after: string | undefined;
  #skipBeforeMs: number;
  #iterator: { id: string; openedMs: number } | undefined;
  #limit = 100;

  constructor(source: ReadSource, clock: Clock, from: Exclude<ShardPosition, { at: 'end' }>) {
    this.#source = source;
    this.#clock = clock;
    this.#after = from.at === 'after' ? from.sequenceNumber : undefined;
    this.#skipBeforeMs = from.at === 'time' ? from.fromMs : Number.NEGATIVE_INFINITY;
  }

  /** The last record that was read or skipped. The checkpoint may move to it when no record waits. */
  get lastSequenceNumber(): string | undefined {
    return this.#after;
  }

  /** Makes one GetRecords call. Throws the source's errors and {@link ForeignCheckpoint}. */
  async read(signal: AbortSignal): Promise<ShardRead> {
    const iterator = await this.#open(signal);
    const { stream, shardId } = this.#source;
    let page: Page;
    try {
      page = await stream.getRecords(shardId, iterator.id, this.#limit, signal);
    } catch (error) {
      this.#iterator = undefined;
      if (isNamed(error, 'ExpiredIteratorException')) return { records: [], ended: false, more: true };
      if (isNamed(error, 'TrimmedDataAccessException')) return this.#fromOldest();
      throw error;
    }
    const last = page.records.at(-1);
    // An empty answer moves an iterator forward in time. kinesalite then misses a record whose sequence number it drew
    // before and stored after. Reuse the iterator until a sequence number is known or the shard is closed.
    const advance =
      last !== undefined ||
      this.#after !== undefined ||
      page.behindMs > 0 ||
      this.#source.isClosed() ||
      stream.kind === 'dynamodb';
    if (page.next === undefined) this.#iterator = undefined;
    else if (advance) this.#iterator = { id: page.next, openedMs: this.#clock.now() };
    if (last !== undefined) this.#after = last.sequenceNumber;
    const full = page.records.length >= this.#limit;
    this.#adjustLimit(page.records);
    return {
      records: page.records.filter(({ arrivalMs }) => arrivalMs >= this.#skipBeforeMs),
      ended: page.next === undefined,
      more: page.behindMs > 0 || full,
    };
  }

  #adjustLimit(records: readonly StreamRecord[]): void {
    if (records.length === 0) return;
    // A sample suffices: measuring every record costs more than an oversized page.
    const step = Math.ceil(records.length / measuredRecords);
    const measured = records.filter((_, index) => index % step === 0);
    const average = measured.reduce((sum, { bytes }) => sum + bytes, 0) / measured.length;
    this.#limit = Math.min(maximumRecordsPerCall, Math.max(10, Math.floor(wantedPageBytes / average)));
  }

  async #open(signal: AbortSignal): Promise<{ id: string; openedMs: number }> {
    const { stream, shardId } = this.#source;
    const now = this.#clock.now();
    if (this.#iterator !== undefined && now - this.#iterator.openedMs < renewAfterMs) return this.#iterator;
    try {
      this.#iterator = { id: await stream.openIterator(shardId, this.#after, signal), openedMs: now };
    } catch (error) {
      if (this.#after !== undefined && isNamed(error, 'TrimmedDataAccessException')) {
        this.#after = undefined;
        return this.#open(signal);
      }
      if (this.#after !== undefined && isNamed(error, 'InvalidArgumentException')) {
        throw new ForeignCheckpoint(
          `ForeignCheckpoint: the checkpoint ${this.#after} of shard ${shardId} does not belong to ${stream.arn}: ` +
            `the stream was deleted and created again. Delete its reader and create it again, or start with --fresh. (${sentence(error)})`,
          { cause: error },
        );
      }
      throw error;
    }
    return this.#iterator;
  }

  #fromOldest(): ShardRead {
    this.#after = undefined;
    return { records: [], ended: false, more: true };
  }
}
