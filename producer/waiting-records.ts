import type { StreamRecord } from './record.ts';

interface Waiting<R> {
  record: R;
  bytes: number;
  sinceMs: number;
}

/**
 * Records that were read and are not in the stream yet, in order. It hands out batches in which each partition key
 * occurs once at most, without the keys that are in flight. Invariant: a record never overtakes an earlier one of its
 * key.
 */
export class WaitingRecords<R extends StreamRecord> {
  readonly #perCall: { records: number; bytes: number };
  #queue: Waiting<R>[] = [];
  readonly #inFlight = new Map<R, number>();
  readonly #busyKeys = new Set<string>();
  #bytes = 0;
  #bytesInFlight = 0;

  /** @param perCall the limits of a batch; `bytes` must hold the largest record. */
  constructor(perCall: { records: number; bytes: number }) {
    this.#perCall = perCall;
  }

  /** @param nowMs time of arrival, by any monotonic clock. */
  add(record: R, bytes: number, nowMs = 0): void {
    this.#queue.push({ record, bytes, sinceMs: nowMs });
    this.#bytes += bytes;
  }

  /** True when no record waits. Records may still be in flight. */
  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** When the oldest waiting record arrived; undefined if none waits. */
  get oldestMs(): number | undefined {
    return this.#queue[0]?.sinceMs;
  }

  /** Whether the waiting records fill a call. */
  get fillsCall(): boolean {
    return this.#queue.length >= this.#perCall.records || this.#bytes - this.#bytesInFlight >= this.#perCall.bytes;
  }

  /** Whether the records that wait and those in flight fill `calls` calls. */
  holds(calls: number): boolean {
    const records = this.#queue.length + this.#inFlight.size;
    return records >= calls * this.#perCall.records || this.#bytes >= calls * this.#perCall.bytes;
  }

  /** The next batch; empty when the keys of all waiting records are in flight. Each record must be released once. */
  take(): R[] {
    const batch: R[] = [];
    const rest: Waiting<R>[] = [];
    let bytes = 0;
    let full = false;
    for (const waiting of this.#queue) {
      const { record } = waiting;
      const blocked = this.#busyKeys.has(record.partitionKey);
      // The first record that does not fit ends the batch: a smaller one after it may have the same key.
      full ||= !blocked && (batch.length >= this.#perCall.records || bytes + waiting.bytes > this.#perCall.bytes);
      if (blocked || full) {
        rest.push(waiting);
        continue;
      }
      this.#busyKeys.add(record.partitionKey);
      this.#inFlight.set(record, waiting.bytes);
      bytes += waiting.bytes;
      this.#bytesInFlight += waiting.bytes;
      batch.push(record);
    }
    this.#queue = rest;
    return batch;
  }

  /** The record is in the stream or was given up: the next one of its key may be taken. */
  release(record: R): void {
    const bytes = this.#inFlight.get(record) ?? 0;
    this.#bytes -= bytes;
    this.#bytesInFlight -= bytes;
    this.#inFlight.delete(record);
    this.#busyKeys.delete(record.partitionKey);
  }

  /** The records that wait or are in flight, in no order. */
  unreleased(): R[] {
    return [...this.#inFlight.keys(), ...this.#queue.map(({ record }) => record)];
  }
}
