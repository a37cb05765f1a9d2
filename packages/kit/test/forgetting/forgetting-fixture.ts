import { gunzipSync, gzipSync } from 'node:zlib';
import { ManualClock } from '../../src/clock.ts';
import { type Forgetting, type ForgettingOptions, forget } from '../../src/forgetting/forget.ts';
import { parseLedger } from '../../src/forgetting/ledger.ts';
import type { ObjectStore, StoredObject, StoredVersion, WrittenObject } from '../../src/forgetting/object-store.ts';
import type { ForgettingReport } from '../../src/forgetting/report.ts';
import type { Tombstone, Tombstones } from '../../src/forgetting/tombstones.ts';
import { formatPosition } from '../../src/position.ts';

/** A row of the lake. */
export interface Row {
  id: string;
  text?: string;
  hashtags?: readonly string[];
  kind: 'tweet' | 'delete';
  position: string;
}

/** The process ends at a call. */
export class Crash extends Error {}

interface Version {
  versionId: string | undefined;
  body: Buffer;
  etag: string;
  modifiedMs: number;
}

/** Two buckets and a table of tombstones in memory. Any call may end the process, before or after its effect. */
export class ForgettingFixture implements ObjectStore, Tombstones {
  readonly clock = new ManualClock(Date.parse('2026-11-20T10:00:00Z'));
  readonly tombstones = new Map<string, Tombstone>();
  archiveContent: 'full' | 'keys' = 'full';
  /** Called before each call's effect and after it. */
  onCall: (when: 'before' | 'after', call: string) => void | Promise<void> = () => {};
  readonly #isVersioned: boolean;
  readonly #versions = new Map<string, Version[]>();
  #writes = 0;

  constructor(options: { isVersioned?: boolean } = {}) {
    this.#isVersioned = options.isVersioned ?? false;
  }

  run(options: ForgettingOptions = {}): Promise<ForgettingReport> {
    return forget(this.work, options);
  }

  /** What a run works on. */
  get work(): Forgetting {
    const { archiveContent, clock } = this;
    const buckets = { lake: 'lake', archive: 'archive' };
    const tombstones = { scan: () => this.scan(), ...bound(this) };
    return { objects: this, tombstones, buckets, archiveContent, clock };
  }

  /** A copy whose calls do not fail, at the time at which a fixture begins. */
  copy(): ForgettingFixture {
    const copy = new ForgettingFixture({ isVersioned: this.#isVersioned });
    copy.archiveContent = this.archiveContent;
    for (const [id, tombstone] of this.tombstones) copy.tombstones.set(id, { ...tombstone });
    for (const [name, versions] of this.#versions) copy.#versions.set(name, [...versions]);
    copy.#writes = this.#writes;
    return copy;
  }

  put(path: string, body: Buffer): void {
    this.#store(path, body);
  }

  /** `modifiedMs` is when its upload began. */
  putRows(key: string, rows: readonly Row[], modifiedMs?: number): void {
    const body = gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.#store(`lake/${key}`, body, modifiedMs);
  }

  delete(id: string, sequence: number): void {
    if (this.tombstones.has(id)) return;
    this.tombstones.set(id, { id, record: positionAt(sequence), deletedAt: new Date(this.clock.now()).toISOString() });
  }

  body(path: string): Buffer | undefined {
    return this.#versions.get(path)?.at(-1)?.body;
  }

  /** Paths of current objects, `bucket/key`. */
  paths(): string[] {
    return [...this.#versions].filter(([, versions]) => versions.length > 0).map(([path]) => path);
  }

  /** Every byte of every version, unpacked, and what is in it in base64. */
  allText(): string {
    const texts: string[] = [];
    for (const { body } of [...this.#versions.values()].flat()) {
      const text = (body[0] === 0x1f ? gunzipSync(body) : body).toString('utf8');
      texts.push(text);
      for (const [encoded] of text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)) {
        texts.push(Buffer.from(encoded, 'base64').toString('utf8'));
      }
    }
    return texts.join('\n');
  }

  rowsOf(path: string): string[] {
    return gunzipSync(this.body(path) ?? Buffer.alloc(0))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  /** What the query `audit` gives. */
  audit(): Record<string, number> {
    const rows: Row[] = this.paths()
      .filter((path) => path.startsWith('lake/tweets/'))
      .flatMap((path) => this.rowsOf(path).map((line) => JSON.parse(line)));
    const ledger = this.body('lake/forgotten/forgotten.jsonl.gz');
    const { totals = new Map<string, number>(), plan } = ledger === undefined ? {} : parseLedger(ledger);
    const first = new Map<string, { position: string; hashtags: readonly string[] }>();
    const notices = new Map<string, string>();
    for (const { id, position, hashtags = [] } of [
      ...rows.filter(({ kind }) => kind === 'tweet'),
      ...(plan?.counted ?? []),
    ]) {
      const other = first.get(id);
      if (other === undefined || position < other.position) first.set(id, { position, hashtags });
    }
    for (const { id, position } of rows.filter(({ kind }) => kind === 'delete')) {
      const other = notices.get(id);
      if (other === undefined || position < other) notices.set(id, position);
    }
    const counts = new Map<string, number>(totals);
    for (const [id, { position, hashtags }] of first) {
      if (position >= (notices.get(id) ?? '~')) continue;
      for (const tag of hashtags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
    return Object.fromEntries([...counts].sort());
  }

  async *list(bucket: string, prefix: string, afterKey = ''): AsyncIterable<StoredVersion> {
    await this.onCall('before', `list ${prefix}`);
    for (const path of [...this.#versions.keys()].sort()) {
      const key = path.slice(bucket.length + 1);
      if (!path.startsWith(`${bucket}/${prefix}`) || key <= afterKey) continue;
      const versions = this.#versions.get(path) ?? [];
      for (const [index, { versionId = 'null', modifiedMs }] of versions.entries()) {
        yield { bucket, key, versionId, isCurrent: index === versions.length - 1, modifiedMs };
      }
    }
  }

  async read({ bucket, key, versionId, isCurrent }: StoredVersion): Promise<StoredObject | undefined> {
    await this.onCall('before', `read ${key}`);
    const versions = this.#versions.get(`${bucket}/${key}`) ?? [];
    const found = isCurrent ? versions.at(-1) : versions.find((version) => version.versionId === versionId);
    return found === undefined ? undefined : { ...found, headers: {} };
  }

  readCurrent(bucket: string, key: string): Promise<StoredObject | undefined> {
    return this.read({ bucket, key, versionId: '', isCurrent: true, modifiedMs: 0 });
  }

  async write(
    bucket: string,
    key: string,
    body: Buffer,
    replaced: StoredObject | undefined,
  ): Promise<WrittenObject | undefined> {
    await this.onCall('before', `write ${key}`);
    const path = `${bucket}/${key}`;
    if (this.#versions.get(path)?.at(-1)?.etag !== replaced?.etag) return undefined;
    const written = this.#store(path, body);
    await this.onCall('after', `write ${key}`);
    return written;
  }

  async remove(bucket: string, key: string, versionId: string | undefined): Promise<void> {
    await this.onCall('before', `remove ${key}`);
    const path = `${bucket}/${key}`;
    const left = (this.#versions.get(path) ?? []).filter(
      (version) => (version.versionId ?? 'null') !== (versionId ?? 'null'),
    );
    this.#versions.set(path, left);
    await this.onCall('after', `remove ${key}`);
  }

  async *scan(): AsyncIterable<Tombstone> {
    await this.onCall('before', 'scan');
    yield* [...this.tombstones.values()];
  }

  async markCounted(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#mark(id, { lakeCounted: true });
  }

  async markForgotten(ids: readonly string[], at: string): Promise<void> {
    for (const id of ids) await this.#mark(id, { forgottenAt: at });
  }

  async #mark(id: string, facts: Partial<Tombstone>): Promise<void> {
    await this.onCall('before', `mark ${id}`);
    const tombstone = this.tombstones.get(id);
    if (tombstone !== undefined) this.tombstones.set(id, { ...tombstone, ...facts });
    await this.onCall('after', `mark ${id}`);
  }

  #store(path: string, body: Buffer, modifiedMs = this.clock.now()): Version {
    const number = ++this.#writes;
    const version: Version = {
      versionId: this.#isVersioned ? `v${number}` : undefined,
      body,
      etag: `"${number}"`,
      modifiedMs,
    };
    this.#versions.set(path, this.#isVersioned ? [...(this.#versions.get(path) ?? []), version] : [version]);
    return version;
  }
}

function bound(fixture: ForgettingFixture): Omit<Tombstones, 'scan'> {
  return {
    markCounted: (ids) => fixture.markCounted(ids),
    markForgotten: (ids, at) => fixture.markForgotten(ids, at),
  };
}

/** The position of the record with this number. */
function positionAt(sequence: number): string {
  return formatPosition('shardId-000000000000', String(1_000_000 + sequence));
}

/** A row of a tweet, whose text is found nowhere else. */
export function tweetRow(id: string, sequence: number, hashtags: readonly string[] = ['sea']): Row {
  return { id, text: textOf(id, sequence), hashtags, kind: 'tweet', position: positionAt(sequence) };
}

/** The row of a delete notice. */
export function noticeRow(id: string, sequence: number): Row {
  return { id, kind: 'delete', position: positionAt(sequence) };
}

/** The text of a tweet, `secret of <id>, <sequence>`. */
function textOf(id: string, sequence: number): string {
  return `secret of ${id}, ${sequence}`;
}
