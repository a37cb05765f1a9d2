import { statfsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@tweet-pipes/kit/clock';
import { DISK_FULL, type Problems } from './problems.ts';

const MB = 1e6;
/**
 * Free bytes below which a write is refused. Callers come first, so that what they sent can still be processed; then
 * new executions and deliveries, so that the running ones can end.
 */
export const reserves = { callers: 8 * MB, newWork: 5 * MB, runningWork: 3 * MB } as const;
/** Free bytes at which everything goes on. */
const ENOUGH = 10 * MB;
const LOOK_EVERY_MS = 1_000;
/** A measurement is used for this long, or for this many bytes written since. */
const FRESH_MS = 50;
const FRESH_BYTES = MB;
/** Logs, journals and indexes: what a write takes beside its own bytes. */
const WRITE_FACTOR = 3;
/** What must be writable before the disk counts as free again. A quota does not show in the free bytes. */
const PROBE_BYTES = MB;
const PROBE_FILE = '.space';

export interface DiskSpaceOptions {
  /** The data folder. */
  folder: string;
  clock: Clock;
  problems: Problems;
  /** Free bytes of the disk that holds a folder. Default: the system's answer. */
  freeBytes?(folder: string): number;
}

/**
 * The free space of the data folder's disk. The engines survive a full disk, but LevelDB not without being opened
 * again, so writes are refused before it is full.
 */
export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  readonly #ending = new AbortController();
  #watching: Promise<void> | undefined;
  #free = Number.POSITIVE_INFINITY;
  #measuredMs = Number.NEGATIVE_INFINITY;
  #writtenBytes = 0;
  #problem: string | undefined;
  /** A write has failed although there seemed to be room. */
  #isRefusing = false;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
    options.problems.onFullDisk(() => this.failed());
  }

  /** Measures from now on, once a second. */
  start(): void {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#watching;
  }

  /** Why a write of `bytes` is refused; undefined when there is room for it. */
  refusal(kind: keyof typeof reserves, bytes: number): string | undefined {
    const { clock } = this.#options;
    if (clock.now() - this.#measuredMs > FRESH_MS || this.#writtenBytes > FRESH_BYTES) this.#measure();
    if (this.#isRefusing || this.#free - this.#writtenBytes < reserves[kind]) return this.#begin();
    if (kind === 'callers' && this.#problem !== undefined) return this.#problem;
    this.#writtenBytes += bytes * WRITE_FACTOR;
    return undefined;
  }

  /** A write failed because the disk is full. Returns why, and refuses every write until one succeeds again. */
  failed(): string {
    this.#isRefusing = true;
    this.#measure();
    return this.#begin();
  }

  async #watch(): Promise<void> {
    const { clock, folder, problems } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      this.#measure();
      if (this.#free < reserves.callers) this.#begin();
      else if (this.#problem !== undefined && this.#free >= ENOUGH && (await canWrite(folder))) {
        this.#problem = undefined;
        this.#isRefusing = false;
        problems.end(
          DISK_FULL,
          `The disk has room again: ${folder}, ${megabytes(this.#free)} MB left. Everything goes on.`,
        );
      }
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  }

  #begin(): string {
    const { folder, problems } = this.#options;
    if (this.#problem !== undefined) return this.#problem;
    const why = `${folder}, ${megabytes(this.#free)} MB left, needs ${megabytes(ENOUGH)} MB`;
    this.#problem = `${DISK_FULL}: ${why}`;
    problems.report({
      what: DISK_FULL,
      why,
      do: 'Free some: writes are refused until then, and what was accepted is kept.',
    });
    return this.#problem;
  }

  #measure(): void {
    const { folder, clock, freeBytes = systemFreeBytes } = this.#options;
    this.#free = freeBytes(folder);
    this.#measuredMs = clock.now();
    this.#writtenBytes = 0;
  }
}

/** Why a runtime cannot start on a folder's disk; undefined when there is room. */
export function lackOfSpace(folder: string, freeBytes = systemFreeBytes): string | undefined {
  const free = freeBytes(folder);
  return free >= ENOUGH
    ? undefined
    : `${DISK_FULL}: ${folder}, ${megabytes(free)} MB left, needs ${megabytes(ENOUGH)} MB`;
}

/** Free bytes of the disk that holds a folder. */
export function systemFreeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // The folder is gone. Its files report that.
  }
}

async function canWrite(folder: string): Promise<boolean> {
  const file = join(folder, PROBE_FILE);
  try {
    const handle = await open(file, 'w');
    try {
      await handle.writeFile(Buffer.alloc(PROBE_BYTES));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch {
    return false;
  } finally {
    await rm(file, { force: true });
  }
}

function megabytes(bytes: number): string {
  return (bytes / MB).toFixed(1).replace(/\.0$/, '');
}
