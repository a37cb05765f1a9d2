import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@tweet-pipes/kit/clock';
import { hasCode, sentence } from '@tweet-pipes/kit/thrown';
import type { Problems } from '../problems.ts';
import type { LogDelivery, LogLine } from './log-delivery.ts';
import {
  LogGroupFiles,
  type LogGroupFilesOptions,
  type LogPage,
  type LogQuery,
  type StreamFacts,
} from './log-group.ts';
import { type GroupRecord, LogGroupsFile } from './log-groups-file.ts';
import type { StoredLine } from './segment.ts';

/** Bytes on disk, and times. */
export interface LogBounds {
  /** Of one group. */
  readonly groupBytes: number;
  /** Of all groups together. */
  readonly totalBytes: number;
  /** Of a segment, above which the next one begins. A bound may be exceeded by one segment. */
  readonly segmentBytes: number;
  /** Of lines that wait to be written. More are lost. */
  readonly waitingBytes: number;
  /** How long lines wait, so that they are written together. */
  readonly flushMs: number;
}

/** The bounds of a runtime. docs/logs.md names them. */
const LOG_BOUNDS: LogBounds = {
  groupBytes: 256 * 1024 * 1024,
  totalBytes: 512 * 1024 * 1024,
  segmentBytes: 2 * 1024 * 1024,
  waitingBytes: 32 * 1024 * 1024,
  flushMs: 250,
};

/** Counted for each line beside its text. */
const LINE_BYTES = 40;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Called with what a stream of a group got, when it is written. */
export type LogListener = (logGroupName: string, logStreamName: string, lines: readonly LogLine[]) => void;

/** A log group as it is described. */
export interface GroupFacts extends Pick<GroupRecord, 'name' | 'createdMs' | 'retentionDays' | 'isProtected'> {
  /** On disk. */
  readonly storedBytes: number;
}

interface Group {
  readonly record: GroupRecord;
  readonly files: LogGroupFiles;
  waiting: StoredLine[];
}

/**
 * Log groups and their events in a folder, bounded in bytes and by the retention of each group: the oldest segments go
 * first (docs/adr/0053). Lines are written some hundred milliseconds later, together; a kill loses those that wait.
 */
export class LogStore implements LogDelivery {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #bounds: LogBounds;
  readonly #problems: Problems | undefined;
  readonly #file: LogGroupsFile;
  readonly #groups = new Map<string, Group>();
  readonly #listeners = new Set<LogListener>();
  readonly #stop = new AbortController();
  #lastSegment = 0;
  #waitingBytes = 0;
  #lostLines = 0;
  #isDue = false;
  #ensured: Promise<void> = Promise.resolve();
  /** One write at a time. */
  #written: Promise<void> = Promise.resolve();

  private constructor(options: LogStoreOptions, file: LogGroupsFile) {
    this.#folder = options.folder;
    this.#clock = options.clock;
    this.#bounds = { ...LOG_BOUNDS, ...options.bounds };
    this.#problems = options.problems;
    this.#file = file;
  }

  /** Opens the folder without reading events. Throws DataFolderError for a damaged list of groups. */
  static async open(options: LogStoreOptions): Promise<LogStore> {
    const store = new LogStore(options, await LogGroupsFile.open(options.folder));
    for (const record of store.#file.groups.values()) await store.#openGroup(record);
    await store.#removeUnknown();
    await store.#drop();
    return store;
  }

  put(logGroupName: string, logStreamName: string, { timestampMs, message }: LogLine): void {
    const group = this.#groups.get(logGroupName);
    if (group === undefined || this.#stop.signal.aborted) return;
    const bytes = message.length + LINE_BYTES;
    if (this.#waitingBytes + bytes > this.#bounds.waitingBytes) {
      this.#lostLines += 1;
      return;
    }
    group.waiting.push({ logStreamName, timestampMs, ingestionMs: this.#clock.now(), message });
    this.#waitingBytes += bytes;
    if (this.#isDue) return;
    this.#isDue = true;
    void this.#clock.sleep(this.#bounds.flushMs, this.#stop.signal).then(() => this.#flush());
  }

  ensureGroup(logGroupName: string): void {
    if (this.#file.groups.has(logGroupName)) return;
    this.#ensured = this.createGroup(logGroupName).then(
      () => {},
      (error: unknown) => this.#report(sentence(error)),
    );
  }

  /** Names and facts of the groups, sorted by name. */
  groups(): GroupFacts[] {
    return [...this.#groups.values()]
      .map(({ record, files }) => ({
        name: record.name,
        createdMs: record.createdMs,
        ...(record.retentionDays !== undefined && { retentionDays: record.retentionDays }),
        ...(record.isProtected !== undefined && { isProtected: record.isProtected }),
        storedBytes: files.bytes,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  hasGroup(logGroupName: string): boolean {
    return this.#groups.has(logGroupName);
  }

  /** False if there is one already. Resolves when the group is on disk. */
  async createGroup(logGroupName: string): Promise<boolean> {
    if (this.#file.groups.has(logGroupName)) return false;
    const record = this.#file.add(logGroupName, this.#clock.now());
    this.#groups.set(logGroupName, { record, files: new LogGroupFiles(this.#filesOf(record)), waiting: [] });
    await this.#file.save();
    return true;
  }

  /** False if there is none. */
  async deleteGroup(logGroupName: string): Promise<boolean> {
    const group = this.#groups.get(logGroupName);
    if (group === undefined) return false;
    await this.flush();
    this.#groups.delete(logGroupName);
    this.#file.groups.delete(logGroupName);
    await this.#file.save();
    await this.#exclusive(() => group.files.remove());
    return true;
  }

  /** Undefined: events never expire. False if there is no such group. */
  async setRetention(logGroupName: string, retentionDays: number | undefined): Promise<boolean> {
    const group = this.#groups.get(logGroupName);
    if (group === undefined) return false;
    if (group.record.retentionDays === retentionDays) return true;
    if (retentionDays === undefined) delete group.record.retentionDays;
    else group.record.retentionDays = retentionDays;
    await this.#file.save();
    await this.#exclusive(() => this.#drop());
    return true;
  }

  /** Whether a group and its streams cannot be deleted. */
  isProtected(logGroupName: string): boolean {
    return this.#groups.get(logGroupName)?.record.isProtected ?? false;
  }

  /** Protects a group from deletion, or ends that. False if there is no such group. */
  async protect(logGroupName: string, isProtected: boolean): Promise<boolean> {
    const group = this.#groups.get(logGroupName);
    if (group === undefined) return false;
    if ((group.record.isProtected ?? false) === isProtected) return true;
    group.record.isProtected = isProtected;
    await this.#file.save();
    return true;
  }

  /** Facts of a group's streams by name. Undefined if there is no such group. */
  async streams(logGroupName: string): Promise<ReadonlyMap<string, StreamFacts> | undefined> {
    const group = this.#groups.get(logGroupName);
    if (group === undefined) return undefined;
    await this.flush();
    const found = await group.files.streams(deletions(group.record));
    for (const [name, createdMs] of group.record.streams) found.set(name, { ...found.get(name), createdMs });
    return found;
  }

  /** False if there is one already, undefined if there is no such group. */
  async createStream(logGroupName: string, logStreamName: string): Promise<boolean | undefined> {
    const streams = await this.streams(logGroupName);
    const record = this.#groups.get(logGroupName)?.record;
    if (streams === undefined || record === undefined) return undefined;
    if (streams.has(logStreamName)) return false;
    record.streams.set(logStreamName, this.#clock.now());
    await this.#file.save();
    return true;
  }

  /** Deletes a stream and its events. False if there is none, undefined if there is no such group. */
  async deleteStream(logGroupName: string, logStreamName: string): Promise<boolean | undefined> {
    const streams = await this.streams(logGroupName);
    const group = this.#groups.get(logGroupName);
    if (streams === undefined || group === undefined) return undefined;
    if (!streams.has(logStreamName)) return false;
    // A stream of the same name begins in a new segment.
    await this.#exclusive(() => group.files.roll());
    group.record.deletedStreams.set(logStreamName, group.files.newestNumber);
    group.record.streams.delete(logStreamName);
    await this.#file.save();
    return true;
  }

  /** Adds lines and resolves when they are written. Throws errors of the disk. */
  async putNow(logGroupName: string, logStreamName: string, lines: readonly LogLine[]): Promise<void> {
    for (const line of lines) this.put(logGroupName, logStreamName, line);
    const failure = await this.#flush();
    if (failure !== undefined) throw failure;
  }

  /** Reads events that are not older than the group's retention. Undefined if there is no such group. */
  async read(logGroupName: string, query: LogQuery): Promise<LogPage | undefined> {
    const group = this.#groups.get(logGroupName);
    if (group === undefined) return undefined;
    await this.flush();
    const startMs = Math.max(query.startMs, this.#oldestMs(group.record));
    return group.files.read({ ...query, startMs }, deletions(group.record));
  }

  /** Calls `listener` with what is written from now on. The returned function ends it. Listeners must not throw. */
  subscribe(listener: LogListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves when the lines so far are written, or could not be. */
  async flush(): Promise<void> {
    await this.#flush();
  }

  /** Writes what waits and closes the files. */
  async stop(): Promise<void> {
    await this.flush();
    this.#stop.abort();
    await this.#ensured;
    await this.#exclusive(async () => {
      for (const { files } of this.#groups.values()) await files.roll();
    });
  }

  /** Answers the last failure of a write. */
  async #flush(): Promise<unknown> {
    return this.#exclusive(async () => {
      this.#isDue = false;
      this.#waitingBytes = 0;
      let failure: unknown;
      let lost = this.#lostLines;
      this.#lostLines = 0;
      for (const group of this.#groups.values()) {
        const lines = group.waiting;
        if (lines.length === 0) continue;
        group.waiting = [];
        this.#notify(group.record.name, lines);
        try {
          await group.files.append(lines);
        } catch (error) {
          failure = error;
          lost += lines.length;
        }
      }
      if (lost > 0)
        this.#report(`${lost} lines were lost, ${failure === undefined ? 'too many at a time' : sentence(failure)}`);
      else this.#problems?.end(WHAT);
      await this.#drop();
      return failure;
    });
  }

  #notify(logGroupName: string, lines: readonly StoredLine[]): void {
    if (this.#listeners.size === 0) return;
    const byStream = Map.groupBy(lines, ({ logStreamName }) => logStreamName);
    for (const listener of this.#listeners) {
      for (const [logStreamName, some] of byStream) listener(logGroupName, logStreamName, some);
    }
  }

  #report(why: string): void {
    this.#problems?.report({ what: WHAT, why, do: 'The stacks work on without them.' });
  }

  /** Deletes what is over a bound or older than its group keeps it. */
  async #drop(): Promise<void> {
    const { groupBytes, totalBytes } = this.#bounds;
    let bytes = 0;
    for (const { record, files } of this.#groups.values()) {
      if (record.retentionDays !== undefined) await files.dropOlder(this.#oldestMs(record));
      while (files.bytes > groupBytes) await files.dropOldest();
      bytes += files.bytes;
    }
    while (bytes > totalBytes) {
      const oldest = [...this.#groups.values()]
        .filter(({ files }) => files.oldestNumber !== undefined)
        .sort((a, b) => (a.files.oldestNumber ?? 0) - (b.files.oldestNumber ?? 0))[0];
      if (oldest === undefined) return;
      bytes -= oldest.files.bytes;
      await oldest.files.dropOldest();
      bytes += oldest.files.bytes;
    }
  }

  #oldestMs({ retentionDays }: GroupRecord): number {
    return retentionDays === undefined ? Number.NEGATIVE_INFINITY : this.#clock.now() - retentionDays * DAY_MS;
  }

  async #openGroup(record: GroupRecord): Promise<void> {
    const files = await LogGroupFiles.open(this.#filesOf(record));
    this.#lastSegment = Math.max(this.#lastSegment, files.newestNumber, ...record.deletedStreams.values());
    this.#groups.set(record.name, { record, files, waiting: [] });
  }

  #filesOf({ id }: GroupRecord): LogGroupFilesOptions {
    return {
      folder: join(this.#folder, String(id)),
      nextNumber: () => {
        this.#lastSegment += 1;
        return this.#lastSegment;
      },
      segmentBytes: this.#bounds.segmentBytes,
    };
  }

  /** Deletes folders of groups whose deletion a kill cut short. */
  async #removeUnknown(): Promise<void> {
    const known = new Set([...this.#file.groups.values()].map(({ id }) => String(id)));
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    for (const name of names) {
      if (/^\d+$/.test(name) && !known.has(name)) await rm(join(this.#folder, name), { recursive: true });
    }
  }

  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#written.then(work);
    this.#written = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}

/** What a store needs. */
export interface LogStoreOptions {
  /** Holds the groups and nothing else. Made when there is something to keep. */
  folder: string;
  clock: Clock;
  bounds?: Partial<LogBounds>;
  /** Where lost lines are reported. Default: nowhere. */
  problems?: Problems;
}

const WHAT = 'logs';

function deletions({ deletedStreams }: GroupRecord): (logStreamName: string, segment: number) => boolean {
  if (deletedStreams.size === 0) return () => false;
  return (name, segment) => segment <= (deletedStreams.get(name) ?? 0);
}
