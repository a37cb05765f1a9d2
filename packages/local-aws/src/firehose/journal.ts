import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Clock } from '@tweet-pipes/kit/clock';
import { encodeFrame, type Frame, type JournalRecord } from './journal-frame.ts';
import { readFrames } from './journal-reader.ts';

/** Maximum bytes of the records of concurrent callers that share one frame and its fsync. */
const groupBytes = 8 * 1024 * 1024;

/** A record to append. Without an arrival it arrives when it is written. */
export type NewRecord = Pick<JournalRecord, 'data'> | Required<JournalRecord>;

interface Waiting {
  records: readonly NewRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * One file of acknowledged records that become one S3 object. Memory holds counts only. Steps: append, seal, plan,
 * remove. The first append creates the file. After a failed write, the next one truncates the file to its last valid
 * frame.
 */
export class Journal {
  readonly path: string;
  /** Records on disk, and the bytes of their data. */
  records = 0;
  dataBytes = 0;
  /** Milliseconds since the epoch; undefined while empty. */
  oldestArrivalMs: number | undefined;
  /** Of records of a Kinesis stream, the highest sequence number per shard. */
  readonly positions = new Map<string, string>();
  /** The planned object, as JSON text, once it is on disk. */
  plan: string | undefined;

  readonly #clock: Clock;
  #file: FileHandle | undefined;
  #goodBytes = 0;
  #needsTruncation = false;
  #isInFolder = false;
  #waiting: Waiting[] = [];
  #committing: Promise<void> | undefined;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
  }

  /**
   * Opens a journal of an earlier process and truncates it to its last valid frame. Undefined when it has no records.
   * Throws JournalCorrupt.
   */
  static async recover(path: string, clock: Clock): Promise<Journal | undefined> {
    const journal = new Journal(path, clock);
    const file = await open(path, 'r+');
    try {
      for await (const { frame, endByte } of readFrames(file, path)) {
        journal.#account(frame);
        journal.#goodBytes = endByte;
      }
      await file.truncate(journal.#goodBytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    journal.#isInFolder = true;
    if (journal.records > 0) return journal;
    await journal.remove();
    return undefined;
  }

  /**
   * Resolves when the records are on disk. Rejects with the system's error when none of them is in the journal. All
   * records of a journal are put, or all are of a stream.
   */
  append(records: readonly NewRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      this.#committing ??= this.#commit();
    });
  }

  /** Waits for running appends and closes the file. Do not append afterwards. */
  async close(): Promise<void> {
    await this.#committing;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Writes the planned object to disk before it is put, so that a replay overwrites the same key. */
  async writePlan(plan: string): Promise<void> {
    const frame: Frame = { kind: 'plan', plan };
    await this.#write(frame);
    this.#account(frame);
  }

  /** The records in order, read from disk one frame at a time. */
  async *read(): AsyncGenerator<JournalRecord> {
    const file = await open(this.path, 'r');
    try {
      for await (const { frame } of readFrames(file, this.path)) {
        if (frame.kind === 'records') yield* frame.records;
      }
    } finally {
      await file.close();
    }
  }

  /** Removes the file: the journal is done. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    await syncFolder(this.path);
  }

  async #commit(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      const arrivalMs = this.#clock.now();
      const records = group.flatMap((waiting) => waiting.records.map((record) => ({ arrivalMs, ...record })));
      const frame: Frame = { kind: 'records', records };
      try {
        await this.#write(frame);
        this.#account(frame);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#committing = undefined;
  }

  #nextGroup(): Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ records }) => {
      bytes += totalBytes(records);
      return bytes > groupBytes;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : Math.max(1, end));
  }

  async #write(frame: Frame): Promise<void> {
    const bytes = encodeFrame(frame);
    this.#file ??= await open(this.path, this.#isInFolder ? 'r+' : 'w');
    const file = this.#file;
    if (this.#needsTruncation) await file.truncate(this.#goodBytes);
    this.#needsTruncation = true;
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, this.#goodBytes + done)).bytesWritten;
    }
    await file.datasync();
    if (!this.#isInFolder) await syncFolder(this.path);
    this.#isInFolder = true;
    this.#needsTruncation = false;
    this.#goodBytes += bytes.length;
  }

  #account(frame: Frame): void {
    if (frame.kind === 'plan') {
      this.plan = frame.plan;
      return;
    }
    this.records += frame.records.length;
    this.dataBytes += totalBytes(frame.records);
    for (const { arrivalMs, origin } of frame.records) {
      this.oldestArrivalMs = Math.min(this.oldestArrivalMs ?? arrivalMs, arrivalMs);
      if (origin !== undefined) this.positions.set(origin.shardId, origin.sequenceNumber);
    }
  }
}

function totalBytes(records: readonly NewRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.length, 0);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
