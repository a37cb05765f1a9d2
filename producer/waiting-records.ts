import type { StreamRecord } from './record.ts';

interface Waiting<R> {
  record: R;
  bytes: number;
  sinceMs: number;
}

/**
 * Records between being read and having landed, in the order they came. It hands out batches in which each partition
 * key occurs once at most, and none whose earlier record is still out. Invariant: a record never overtakes an earlier
 * one of its key.
 */
export class WaitingRecords<R extends StreamRecord> {
  readonly #perCall: { records: number; bytes: number };
  #queue: Waiting<R>[] = [];
  readonly #out = new Map<R, number>();
  readonly #busyKeys = new Set<string>();
  #bytes = 0;
  #bytesOut = 0;

  /** @param perCall what one batch may hold; `bytes` is at least that of the largest record. */
  constructor(perCall: { records: number; bytes: number }) {
    this.#perCall = perCall;
  }

  /** @param nowMs when it came, by any clock that only goes forward. */
  add(record: R, bytes: number, nowMs = 0): void {
    this.#queue.push({ record, bytes, sinceMs: nowMs });
    this.#bytes += bytes;
  }

  /** Nothing is left to hand out; records may still be out. */
  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** When the oldest record that is not handed out came; undefined when there is none. */
  get oldestMs(): number | undefined {
    return this.#queue[0]?.sinceMs;
  }

  /** Whether what waits fills a call. */
  get fillsCall(): boolean {
    return this.#queue.length >= this.#perCall.records || this.#bytes - this.#bytesOut >= this.#perCall.bytes;
  }

  /** Whether waiting and handed-out records together fill so many calls. */
  holds(calls: number): boolean {
    const records = this.#queue.length + this.#out.size;
    return records >= calls * this.#perCall.records || this.#bytes >= calls * this.#perCall.bytes;
  }

  /** The next batch; empty when every waiting record's key is busy. Each record of it must be released once. */
  take(): R[] {
    const batch: R[] = [];
    const rest: Waiting<R>[] = [];
    let bytes = 0;
    let full = false;
    for (const waiting of this.#queue) {
      const { record } = waiting;
      const blocked = this.#busyKeys.has(record.partitionKey);
      // What does not fit ends the batch: a smaller record after it might be of the same key.
      full ||= !blocked && (batch.length >= this.#perCall.records || bytes + waiting.bytes > this.#perCall.bytes);
      if (blocked || full) {
        rest.push(waiting);
        continue;
      }
      this.#busyKeys.add(record.partitionKey);
      this.#out.set(record, waiting.bytes);
      bytes += waiting.bytes;
      this.#bytesOut += waiting.bytes;
      batch.push(record);
    }
    this.#queue = rest;
    return batch;
  }

  /** The record has landed or was given up; the next of its key may go. */
  release(record: R): void {
    const bytes = this.#out.get(record) ?? 0;
    this.#bytes -= bytes;
    this.#bytesOut -= bytes;
    this.#out.delete(record);
    this.#busyKeys.delete(record.partitionKey);
  }
}
