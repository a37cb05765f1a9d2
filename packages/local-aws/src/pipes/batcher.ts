import type { StreamRecord } from './sources/record.ts';

/** When a batch closes: the first of the three limits that is reached. */
export interface BatchLimits {
  /** Records, 1-10000. */
  batchSize: number;
  /** 0-300; the clock starts when the oldest waiting record was read. 0: at once. */
  windowSeconds: number;
  /**
   * Default 6 MB, the payload a batch may have
   * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html).
   */
  payloadBytes?: number;
}

const maximumPayloadBytes = 6 * 1024 * 1024;

interface Waiting {
  readonly record: StreamRecord;
  readonly sinceMs: number;
}

/** Collects the matching records of one shard, in order, until a batch is due. */
export class Batcher {
  readonly #limits: Required<BatchLimits>;
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(limits: BatchLimits) {
    this.#limits = { payloadBytes: maximumPayloadBytes, ...limits };
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(records: readonly StreamRecord[], nowMs: number): void {
    for (const record of records) {
      this.#waiting.push({ record, sinceMs: nowMs });
      this.#bytes += record.bytes;
    }
  }

  /** Records that were taken, to be taken again before all others and at once. */
  putBack(records: readonly StreamRecord[]): void {
    this.#waiting.unshift(...records.map((record) => ({ record, sinceMs: Number.NEGATIVE_INFINITY })));
    for (const { bytes } of records) this.#bytes += bytes;
  }

  /** Milliseconds until a batch must go, 0 when it is due, undefined when nothing waits. */
  dueInMs(nowMs: number): number | undefined {
    const oldest = this.#waiting[0];
    if (oldest === undefined) return undefined;
    if (this.#waiting.length >= this.#limits.batchSize || this.#bytes >= this.#limits.payloadBytes) return 0;
    return Math.max(0, oldest.sinceMs + this.#limits.windowSeconds * 1000 - nowMs);
  }

  /** The next batch: as many records as the limits allow, at least one, at most `atMost`. */
  take(atMost = Number.POSITIVE_INFINITY): StreamRecord[] {
    let count = 0;
    let bytes = 0;
    for (const { record } of this.#waiting) {
      if (count >= Math.min(this.#limits.batchSize, Math.max(1, atMost))) break;
      if (count > 0 && bytes + record.bytes > this.#limits.payloadBytes) break;
      count += 1;
      bytes += record.bytes;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count).map(({ record }) => record);
  }
}
