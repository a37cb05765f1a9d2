import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@tweet-pipes/kit/thrown';
import { compareKeys, type EventKey } from './event-key.ts';
import { encodeEvent, encodeStream, type SegmentVisitor, type StoredLine, visitSegment } from './segment.ts';

/** What is known of a stream's events, in milliseconds since the epoch. */
export interface StreamFacts {
  createdMs: number;
  /** Undefined without events, as the next two. */
  firstMs?: number;
  lastMs?: number;
  lastIngestionMs?: number;
}

/** An event that was read. */
export interface LogEventRead extends StoredLine {
  readonly key: EventKey;
}

/** Which events are read. */
export interface LogQuery {
  /** Inclusive. */
  readonly startMs: number;
  /** Inclusive. */
  readonly endMs: number;
  hasStream(logStreamName: string): boolean;
  matches(message: string): boolean;
  /** Texts that each message has for which `matches` is true, if it has no `\u`. Others are not read then. */
  readonly needs?: readonly string[];
  /** Events beyond it, in the direction of reading. */
  readonly beyond?: EventKey;
  /** Whether the latest events are read first. The answer is in order of time all the same. */
  readonly isBackward: boolean;
  /** Maximum number of events. */
  readonly limit: number;
  /** Maximum bytes of messages, but at least one event is read. */
  readonly limitBytes: number;
}

/** A page of events, the oldest first. */
export interface LogPage {
  readonly events: readonly LogEventRead[];
  /** Whether there are more in the direction of reading. */
  readonly hasMore: boolean;
}

interface Segment {
  readonly number: number;
  readonly file: string;
  bytes: number;
  /** Of a segment of an earlier start: when it was written last. */
  readonly writtenMs: number;
  /** Undefined until the file is read. */
  index: SegmentIndex | undefined;
}

/** The segment that is written to. */
interface ActiveSegment {
  readonly segment: Segment;
  readonly handle: FileHandle;
  /** Of the streams in the segment, by name. */
  readonly indices: Map<string, number>;
}

interface SegmentIndex {
  /** Infinity without events. */
  firstMs: number;
  lastMs: number;
  readonly streams: Map<string, StreamFacts>;
}

/** Where a group keeps its events. */
export interface LogGroupFilesOptions {
  folder: string;
  /** Gives the numbers of new segments, which rise over all groups. */
  nextNumber(): number;
  /** Bytes of a segment above which the next one begins. Bounds how much is read, or dropped, at a time. */
  segmentBytes: number;
}

/**
 * The events of one log group in segments, `<number>.log` in its folder. Each start writes to a new segment, so that
 * the end of an older one may be torn. Calls must not overlap, except reads.
 */
export class LogGroupFiles {
  readonly #folder: string;
  readonly #nextNumber: () => number;
  readonly #segmentBytes: number;
  #segments: Segment[] = [];
  #active: ActiveSegment | undefined;

  /** A group without segments. */
  constructor({ folder, nextNumber, segmentBytes }: LogGroupFilesOptions) {
    this.#folder = folder;
    this.#nextNumber = nextNumber;
    this.#segmentBytes = segmentBytes;
  }

  /** Reads names and sizes of the segments in the folder, not their content. */
  static async open(options: LogGroupFilesOptions): Promise<LogGroupFiles> {
    const group = new LogGroupFiles(options);
    group.#segments = await findSegments(options.folder);
    return group;
  }

  /** On disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get newestNumber(): number {
    return this.#segments.at(-1)?.number ?? 0;
  }

  get oldestNumber(): number | undefined {
    return this.#segments[0]?.number;
  }

  /** Appends events in the order of their arrival. Throws errors of the disk; what was written of them is then torn. */
  async append(lines: readonly StoredLine[]): Promise<void> {
    if ((this.#active?.segment.bytes ?? 0) >= this.#segmentBytes) await this.roll();
    this.#active ??= await this.#begin();
    const { segment, handle, indices } = this.#active;
    const texts: string[] = [];
    for (const line of lines) {
      let index = indices.get(line.logStreamName);
      if (index === undefined) {
        index = indices.size;
        indices.set(line.logStreamName, index);
        texts.push(encodeStream(index, line.ingestionMs, line.logStreamName));
        noteStream(segment, line.logStreamName, line.ingestionMs);
      }
      texts.push(encodeEvent(index, line));
      noteEvent(segment, line);
    }
    const content = Buffer.from(texts.join(''));
    try {
      await handle.appendFile(content);
      segment.bytes += content.length;
    } catch (error) {
      // The next line must not continue a torn one.
      segment.bytes = (await handle.stat()).size;
      await this.roll();
      throw error;
    }
  }

  /** Ends the segment that is written to. */
  async roll(): Promise<void> {
    await this.#active?.handle.close();
    this.#active = undefined;
  }

  /** Deletes the oldest segment. */
  async dropOldest(): Promise<void> {
    const [oldest] = this.#segments;
    if (oldest === undefined) return;
    if (oldest === this.#active?.segment) await this.roll();
    this.#segments = this.#segments.filter((segment) => segment !== oldest);
    await rm(oldest.file, { force: true });
  }

  /** Deletes segments whose events are all older. Those of an earlier start count by the time of their last write. */
  async dropOlder(thanMs: number): Promise<void> {
    for (const segment of [...this.#segments]) {
      if (segment === this.#active?.segment) continue;
      if ((segment.index?.lastMs ?? segment.writtenMs) >= thanMs) continue;
      this.#segments = this.#segments.filter((each) => each !== segment);
      await rm(segment.file, { force: true });
    }
  }

  /** Deletes everything. */
  async remove(): Promise<void> {
    await this.roll();
    this.#segments = [];
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * Facts of the streams that the segments name. `isDeleted` says which streams of a segment no longer count. Reads the
   * segments of earlier starts, once.
   */
  async streams(isDeleted: (logStreamName: string, segment: number) => boolean): Promise<Map<string, StreamFacts>> {
    const all = new Map<string, StreamFacts>();
    for (const segment of [...this.#segments]) {
      const { streams } = segment.index ?? (await this.#load(segment)).index;
      for (const [name, facts] of streams) {
        if (isDeleted(name, segment.number)) continue;
        const known = all.get(name);
        all.set(name, known === undefined ? facts : mergeFacts(known, facts));
      }
    }
    return all;
  }

  /** Reads a page of events. */
  async read(query: LogQuery, isDeleted: (logStreamName: string, segment: number) => boolean): Promise<LogPage> {
    const { beyond, isBackward, limit, limitBytes } = query;
    const isAfter = beyond !== undefined && !isBackward;
    const startMs = isAfter ? Math.max(query.startMs, beyond.timestampMs) : query.startMs;
    const endMs = beyond !== undefined && isBackward ? Math.min(query.endMs, beyond.timestampMs) : query.endMs;
    const need = longest(query.needs ?? []);
    const order = (a: EventKey, b: EventKey): number => (isBackward ? compareKeys(b, a) : compareKeys(a, b));
    let found: LogEventRead[] = [];
    let isFull = false;
    const isBeyondPage = (key: EventKey): boolean => {
      const last = found.at(-1);
      return isFull && last !== undefined && order(key, last.key) > 0;
    };
    const candidates = await this.#inOrder(isBackward);
    for (const segment of candidates) {
      const { index } = segment;
      if (index !== undefined) {
        if (index.lastMs < startMs || index.firstMs > endMs) continue;
        const nearest = { timestampMs: isBackward ? index.lastMs : index.firstMs, segment: segment.number, offset: 0 };
        const last = found.at(-1);
        if (isFull && last !== undefined && nearest.timestampMs !== last.timestampMs && isBeyondPage(nearest)) break;
      }
      const { content } = await this.#load(segment);
      const fresh: LogEventRead[] = [];
      const visitor: SegmentVisitor = {
        stream() {},
        event(event, offset, message) {
          const { timestampMs, logStreamName } = event;
          if (timestampMs < startMs || timestampMs > endMs || !query.hasStream(logStreamName)) return;
          const key = { timestampMs, segment: segment.number, offset };
          if (beyond !== undefined && order(key, beyond) <= 0) return;
          if (isBeyondPage(key) || isDeleted(logStreamName, segment.number)) return;
          const text = message();
          if (query.matches(text)) fresh.push({ ...event, message: text, key });
        },
      };
      visitSegment(content, visitor, need);
      if (fresh.length === 0) continue;
      const all = [...found, ...fresh].sort((a, b) => order(a.key, b.key));
      found = withinBounds(all, limit, limitBytes);
      isFull ||= found.length < all.length;
    }
    if (isBackward) found.reverse();
    return { events: found, hasMore: isFull };
  }

  /** The segments in the direction of reading. Reads those without an index. */
  async #inOrder(isBackward: boolean): Promise<Segment[]> {
    for (const segment of [...this.#segments]) if (segment.index === undefined) await this.#load(segment);
    const time = ({ index }: Segment): number => (index === undefined ? 0 : isBackward ? -index.lastMs : index.firstMs);
    return [...this.#segments].sort((a, b) => time(a) - time(b));
  }

  async #begin(): Promise<ActiveSegment> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const number = this.#nextNumber();
    const file = join(this.#folder, `${String(number).padStart(12, '0')}.log`);
    const handle = await open(file, 'ax', 0o600);
    const segment: Segment = { number, file, bytes: 0, writtenMs: 0, index: emptyIndex() };
    this.#segments.push(segment);
    return { segment, handle, indices: new Map() };
  }

  async #load(segment: Segment): Promise<{ content: Buffer; index: SegmentIndex }> {
    const content = await readSegment(segment.file);
    if (segment.index === undefined) {
      const indexed = { ...segment, index: emptyIndex() };
      visitSegment(content, {
        stream: (name, createdMs) => noteStream(indexed, name, createdMs),
        event: (event) => noteEvent(indexed, event),
      });
      segment.index = indexed.index;
    }
    return { content, index: segment.index };
  }
}

function emptyIndex(): SegmentIndex {
  return { firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY, streams: new Map() };
}

function noteStream({ index }: Pick<Segment, 'index'>, name: string, createdMs: number): void {
  index?.streams.set(name, { createdMs });
}

function noteEvent(
  { index }: Pick<Segment, 'index'>,
  { logStreamName, timestampMs, ingestionMs }: Omit<StoredLine, 'message'>,
): void {
  if (index === undefined) return;
  index.firstMs = Math.min(index.firstMs, timestampMs);
  index.lastMs = Math.max(index.lastMs, timestampMs);
  const facts = index.streams.get(logStreamName);
  if (facts === undefined) return;
  facts.firstMs = Math.min(facts.firstMs ?? timestampMs, timestampMs);
  facts.lastMs = Math.max(facts.lastMs ?? timestampMs, timestampMs);
  facts.lastIngestionMs = ingestionMs;
}

function mergeFacts(older: StreamFacts, newer: StreamFacts): StreamFacts {
  if (newer.lastMs === undefined || newer.firstMs === undefined) return older;
  return {
    createdMs: older.createdMs,
    firstMs: Math.min(older.firstMs ?? newer.firstMs, newer.firstMs),
    lastMs: Math.max(older.lastMs ?? newer.lastMs, newer.lastMs),
    ...(newer.lastIngestionMs !== undefined && { lastIngestionMs: newer.lastIngestionMs }),
  };
}

function longest(texts: readonly string[]): string | undefined {
  return texts.toSorted((a, b) => b.length - a.length)[0];
}

/** The first events that fit into a page. */
function withinBounds(events: LogEventRead[], limit: number, limitBytes: number): LogEventRead[] {
  let bytes = 0;
  let count = 0;
  for (const { message } of events) {
    bytes += Buffer.byteLength(message);
    if (count >= limit || (count > 0 && bytes > limitBytes)) break;
    count += 1;
  }
  return events.slice(0, count);
}

async function findSegments(folder: string): Promise<Segment[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  const segments: Segment[] = [];
  for (const name of names.filter((each) => /^\d+\.log$/.test(each)).sort()) {
    const file = join(folder, name);
    const { size, mtimeMs } = await stat(file);
    segments.push({ number: Number.parseInt(name, 10), file, bytes: size, writtenMs: mtimeMs, index: undefined });
  }
  return segments;
}

/** A segment that was dropped meanwhile is empty. */
async function readSegment(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  });
}
