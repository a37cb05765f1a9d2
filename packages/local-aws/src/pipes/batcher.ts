import type { StreamRecord } from './sources/record.ts';

/** When a batch closes: the first of the three limits that is reached. */
export interface BatchLimits {
  /** Records, 1-10000. */
  readonly batchSize: number;
  /** Seconds since the oldest waiting record was read, 0-300. 0: at once. */
  readonly windowSeconds: number;
  /**
   * Default 6 MB, the payload limit of a batch
   * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html).
   */
  readonly payloadBytes?: number;
}

/** The steps of a batch that fault injection decorates. */
export interface BatchSteps {
  /** Takes the next batch, at least one record. */
  take(): StreamRecord[];
  /** Called after a batch is delivered, before its checkpoint. False: the batch waits again and is redelivered. */
  complete(batch: readonly StreamRecord[]): boolean;
  /** The halves of a failed batch. The first is delivered first. */
  bisect(batch: readonly StreamRecord[]): Halves;
}

/** Two parts of a batch, in order of delivery. */
export type Halves = readonly [first: readonly StreamRecord[], second: readonly StreamRecord[]];

const maximumPayloadBytes = 6 * 1024 * 1024;

interface Waiting {
  readonly record: StreamRecord;
  readonly sinceMs: number;
}

/** Collects the matching records of one shard, in order, until a batch is due. */
export class Batcher implements BatchSteps {
  readonly #limits: BatchLimits;
  #waiting: Waiting[] = [];
  #bytes = 0;

  /** The limits are read at each use: an update of the pipe changes them. */
  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  /** Records that wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Records of the next batch, by `batchSize` alone. The payload limit may close it earlier. */
  get nextBatchSize(): number {
    return Math.min(this.#waiting.length, this.#limits.batchSize);
  }

  add(records: readonly StreamRecord[], nowMs: number): void {
    for (const record of records) {
      this.#waiting.push({ record, sinceMs: nowMs });
      this.#bytes += record.bytes;
    }
  }

  /** Returns taken records to the front. They are due at once. */
  putBack(records: readonly StreamRecord[]): void {
    this.#waiting.unshift(...records.map((record) => ({ record, sinceMs: Number.NEGATIVE_INFINITY })));
    for (const { bytes } of records) this.#bytes += bytes;
  }

  /** Milliseconds until a batch is due, 0 when it is, undefined when no record waits. */
  dueInMs(nowMs: number): number | undefined {
    const oldest = this.#waiting[0];
    if (oldest === undefined) return undefined;
    if (this.#waiting.length >= this.#limits.batchSize || this.#bytes >= this.#payloadBytes) return 0;
    return Math.max(0, oldest.sinceMs + this.#limits.windowSeconds * 1000 - nowMs);
  }

  /** As many records as the limits and `atMost` allow, at least one. */
  take(atMost = Number.POSITIVE_INFINITY): StreamRecord[] {
    let count = 0;
    let bytes = 0;
    for (const { record } of this.#waiting) {
      if (count >= Math.min(this.#limits.batchSize, Math.max(1, atMost))) break;
      if (count > 0 && bytes + record.bytes > this.#payloadBytes) break;
      count += 1;
      bytes += record.bytes;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count).map(({ record }) => record);
  }

  get #payloadBytes(): number {
    return this.#limits.payloadBytes ?? maximumPayloadBytes;
  }

  complete(): boolean {
    return true;
  }

  bisect(batch: readonly StreamRecord[]): Halves {
    return bisect(batch);
  }
}

/** Halves a batch in the shard's order. Of an odd number, the first half has one record more. */
export function bisect(batch: readonly StreamRecord[]): Halves {
  const half = Math.ceil(batch.length / 2);
  return [batch.slice(0, half), batch.slice(half)];
}
