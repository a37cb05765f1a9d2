import type { Clock } from '../clock.ts';
import type { CutRow, IsDoomed } from './cut.ts';
import { eachAtATime } from './each-at-a-time.ts';
import {
  type ForgettingBuckets,
  queryResultsPrefix,
  RECORD_OBJECTS_AT_A_TIME,
  SEARCHED_AGAIN_MS,
  type SearchedFolder,
  searchedFolders,
} from './folders.ts';
import { Ledger, type Plan } from './ledger.ts';
import type { ObjectStore, StoredVersion } from './object-store.ts';
import { planOf } from './plan.ts';
import { type Progress, readProgress, writeProgress } from './progress.ts';
import { emptyReport, type ForgettingReport } from './report.ts';
import type { Tombstone, Tombstones } from './tombstones.ts';

/** How many listed objects are searched between two looks at the clock. */
const objectsPerStep = 64;

/** A query may give a row back that was removed so long ago: Athena's time limit of a query, twice. */
const longestQueryMs = 3_600_000;

/** How often an object is read again because another run wrote it meanwhile. */
const mostConflicts = 5;

/** What a run works on. */
export interface Forgetting {
  objects: ObjectStore;
  tombstones: Tombstones;
  buckets: ForgettingBuckets;
  archiveContent: 'full' | 'keys';
  clock: Clock;
}

/** How a run works. */
export interface ForgettingOptions {
  /** Only these ids, which must have tombstones. Default: all. */
  ids?: readonly string[];
  /** Report what would be removed, and change nothing. */
  dryRun?: boolean;
  /** When to leave the rest to the next run; epoch milliseconds. Default: never. */
  deadlineMs?: number;
  /** Also leaves the rest to the next run, when it aborts. */
  signal?: AbortSignal;
  /** Called with the number of objects read so far. */
  onProgress?: (objectsRead: number) => void;
  /** Called with the age in seconds of the oldest tombstone that is not forgotten; 0 if there is none. */
  onOldest?: (seconds: number) => void;
}

/** Ids were given that have no tombstone. */
export class NotDeletedError extends Error {
  override readonly name = 'NotDeletedError';
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    super(`No delete notice was processed for ${ids.join(', ')}. Only deleted tweets are forgotten.`);
    this.ids = ids;
  }
}

/**
 * Removes what deleted tweets left: rows of the lake and of sentiment, records in error files and quarantine, results
 * of queries, and the content of archive rows if the archive must keep none. Safe to interrupt at any call and to run
 * again, also twice at a time (docs/adr/0046). Throws NotDeletedError, AnotherRunError (run again later), and what S3
 * and DynamoDB answer.
 */
export async function forget(work: Forgetting, options: ForgettingOptions = {}): Promise<ForgettingReport> {
  const run = new Run(work, options, await readProgress(work.objects, work.buckets.lake));
  return run.run();
}

type Search = NonNullable<Progress['search']>;

class Run {
  readonly #work: Forgetting;
  readonly #options: ForgettingOptions;
  readonly #folders: readonly SearchedFolder[];
  readonly #report: ForgettingReport;
  #progress: Progress;
  #known: ReadonlyMap<string, Tombstone> = new Map();
  /** Ids that the run has searched everything for, or that had been before. */
  readonly #forgotten = new Set<string>();
  #hasRemoved = false;

  constructor(work: Forgetting, options: ForgettingOptions, progress: Progress) {
    this.#work = work;
    this.#options = options;
    this.#folders = searchedFolders(work.buckets, work.archiveContent);
    this.#report = emptyReport(options.dryRun ?? false);
    this.#progress = progress;
  }

  async run(): Promise<ForgettingReport> {
    // In this order: what another run counts after it was opened makes its next write fail.
    const ledger = await Ledger.open(this.#work.objects, this.#work.buckets.lake);
    await this.#readTombstones();
    this.#report.isComplete = await this.#workOn(ledger);
    await this.#removeResults();
    this.#report.left = this.#newIds().length;
    return this.#report;
  }

  /** False if the time was over before the end. */
  async #workOn(ledger: Ledger): Promise<boolean> {
    const { ids, dryRun = false } = this.#options;
    if (dryRun) {
      return (await this.#search(this.#newSearch())).isComplete;
    }
    if (ledger.plan !== undefined && !(await this.#carryOut(ledger, ledger.plan))) return false;
    if (ids !== undefined) return this.#forgetFound(ledger, this.#newSearch());
    const interrupted = this.#progress.search;
    if (interrupted !== undefined && !(await this.#forgetFound(ledger, interrupted))) return false;
    const isAnythingNew = interrupted === undefined || this.#newIds().length > 0;
    return !isAnythingNew || this.#forgetFound(ledger, this.#newSearch());
  }

  async #readTombstones(): Promise<void> {
    const { tombstones, clock } = this.#work;
    const known = new Map<string, Tombstone>();
    const nowMs = clock.now();
    let oldestMs = nowMs;
    for await (const tombstone of tombstones.scan()) {
      known.set(tombstone.id, tombstone);
      if (tombstone.forgottenAt !== undefined) this.#forgotten.add(tombstone.id);
      else oldestMs = Math.min(oldestMs, Date.parse(tombstone.deletedAt) || nowMs);
    }
    this.#options.onOldest?.(Math.round((nowMs - oldestMs) / 1000));
    this.#report.tombstones = known.size;
    const { ids } = this.#options;
    const missing = ids?.filter((id) => !known.has(id)) ?? [];
    if (missing.length > 0) throw new NotDeletedError(missing);
    this.#known = ids === undefined ? known : new Map([...known].filter(([id]) => ids.includes(id)));
  }

  #newIds(): string[] {
    return [...this.#known.keys()].filter((id) => !this.#forgotten.has(id));
  }

  #newSearch(): Search {
    const ids = this.#options.ids ?? this.#newIds();
    return { beganMs: this.#work.clock.now(), ids: [...ids], folder: 0, afterKey: '', matches: [] };
  }

  /** Searches, removes what is found, and notes that it is done. False if the time is over before. */
  async #forgetFound(ledger: Ledger, search: Search): Promise<boolean> {
    const isPersistent = this.#options.ids === undefined;
    const done = await this.#search(search);
    if (!done.isComplete) {
      if (isPersistent) await this.#writeProgress({ ...this.#progress, search: done.search });
      return false;
    }
    const plan = planOf(await this.#readMatches(done.search.matches), this.#known);
    if (plan.objects.length > 0) {
      await ledger.begin(plan);
      if (!(await this.#carryOut(ledger, plan))) return false;
    }
    await this.#work.tombstones.markForgotten(search.ids, new Date(search.beganMs).toISOString());
    for (const id of search.ids) this.#forgotten.add(id);
    this.#report.forgotten += search.ids.length;
    if (!isPersistent) return true;
    const { search: _, ...progress } = this.#progress;
    await this.#writeProgress({ ...progress, searchedMs: search.beganMs });
    return true;
  }

  /**
   * Looks at everything for the ids of the search, and at what came since the last search for all ids. Removes what it
   * finds, but in the lake, where it collects the keys.
   */
  async #search(search: Search): Promise<{ search: Search; isComplete: boolean }> {
    const matches = new Set(search.matches);
    if (this.#known.size === 0) return { search, isComplete: true };
    const wanted = new Set(search.ids);
    const recentMs = this.#progress.searchedMs - SEARCHED_AGAIN_MS;
    for (const [folder, place] of this.#folders.entries()) {
      if (folder < search.folder) continue;
      const afterKey = folder === search.folder && search.afterKey !== '' ? search.afterKey : undefined;
      for await (const step of inSteps(this.#work.objects.list(place.bucket, place.prefix, afterKey))) {
        const due = step.filter(({ modifiedMs }) => wanted.size > 0 || modifiedMs >= recentMs);
        await eachAtATime(place.objectsAtATime, due, async (version) => {
          const isRecent = version.modifiedMs >= recentMs;
          const isDoomed: IsDoomed = (id) => wanted.has(id) || (isRecent && this.#known.has(id));
          if (await this.#searchVersion(place, version, isDoomed)) matches.add(version.key);
        });
        const last = step.at(-1)?.key ?? '';
        if (this.#isLate()) {
          return { search: { ...search, folder, afterKey: last, matches: [...matches] }, isComplete: false };
        }
      }
    }
    return { search: { ...search, matches: [...matches] }, isComplete: true };
  }

  /** Whether it is an object of the lake that something must leave. Everything else is done here. */
  async #searchVersion(place: SearchedFolder, version: StoredVersion, isDoomed: IsDoomed): Promise<boolean> {
    const { objects } = this.#work;
    const stored = await objects.read(version);
    this.#countRead(stored?.body);
    const cut = stored === undefined ? undefined : await place.cut(stored.body, isDoomed);
    if (cut === undefined) return false;
    const { dryRun = false } = this.#options;
    if (!version.isCurrent) {
      this.#report.versionsRemoved++;
      if (!dryRun) await objects.remove(version.bucket, version.key, version.versionId);
      return false;
    }
    if (dryRun) {
      this.#report.objectsRewritten++;
      this.#report.rows[place.name] += cut.rows.length;
    } else if (place.name !== 'lake') {
      await this.#rewrite(place, version.key, isDoomed);
      return false;
    }
    return true;
  }

  async #readMatches(keys: readonly string[]): Promise<Map<string, readonly CutRow[]>> {
    const { objects, buckets } = this.#work;
    const found = new Map<string, readonly CutRow[]>();
    const place = this.#lake();
    await eachAtATime(place.objectsAtATime, keys, async (key) => {
      const stored = await objects.readCurrent(buckets.lake, key);
      this.#countRead(stored?.body);
      const cut = stored === undefined ? undefined : await place.cut(stored.body, (id) => this.#known.has(id));
      if (cut !== undefined) found.set(key, cut.rows);
    });
    return found;
  }

  /** Removes what is planned, and then counts it as forgotten. False if the time is over before. */
  async #carryOut(ledger: Ledger, plan: Plan): Promise<boolean> {
    await this.#expectRemoval();
    let isComplete = true;
    await eachAtATime(this.#lake().objectsAtATime, plan.objects, async ({ object, ids }) => {
      if (!isComplete || this.#isLate()) {
        isComplete = false;
        return;
      }
      const doomed = new Set(ids);
      await this.#rewrite(this.#lake(), object, (id) => doomed.has(id));
    });
    if (!isComplete) return false;
    await this.#work.tombstones.markCounted(plan.counted.map(({ id }) => id));
    await ledger.fold();
    this.#counted(plan);
    return true;
  }

  /** Later plans of this run must not count these once more. */
  #counted(plan: Plan): void {
    const ids = new Set(plan.counted.map(({ id }) => id));
    this.#known = new Map(
      [...this.#known].map(([id, tombstone]) => [id, ids.has(id) ? { ...tombstone, lakeCounted: true } : tombstone]),
    );
  }

  async #rewrite(place: SearchedFolder, key: string, isDoomed: IsDoomed): Promise<void> {
    const { objects } = this.#work;
    for (let attempt = 0; attempt < mostConflicts; attempt++) {
      const stored = await objects.readCurrent(place.bucket, key);
      this.#countRead(stored?.body);
      const cut = stored === undefined ? undefined : await place.cut(stored.body, isDoomed);
      if (stored === undefined || cut === undefined) return;
      await this.#expectRemoval();
      const body = cut.rewritten();
      const written = await objects.write(place.bucket, key, body, stored);
      if (written === undefined) continue;
      if (stored.versionId !== undefined && stored.versionId !== written.versionId) {
        await objects.remove(place.bucket, key, stored.versionId);
        this.#report.versionsRemoved++;
      }
      this.#report.objectsRewritten++;
      this.#report.bytesWritten += body.length;
      this.#report.rows[place.name] += cut.rows.length;
      return;
    }
    throw new Error(`${place.bucket}/${key} changed at each of ${mostConflicts} attempts to rewrite it. Run again.`);
  }

  /** Notes, before anything is removed, that results of queries may hold it. */
  async #expectRemoval(): Promise<void> {
    if (this.#hasRemoved) return;
    this.#hasRemoved = true;
    await this.#writeProgress({ ...this.#progress, resultsBeforeMs: this.#work.clock.now() + longestQueryMs });
  }

  async #removeResults(): Promise<void> {
    const { objects, buckets, clock } = this.#work;
    const { dryRun = false } = this.#options;
    if (this.#hasRemoved) {
      await this.#writeProgress({ ...this.#progress, resultsBeforeMs: clock.now() + longestQueryMs });
    }
    const isDue = dryRun ? this.#report.objectsRewritten > 0 : this.#progress.resultsBeforeMs > 0;
    if (!isDue) return;
    const beforeMs = dryRun ? Number.POSITIVE_INFINITY : this.#progress.resultsBeforeMs;
    await eachAtATime(RECORD_OBJECTS_AT_A_TIME, objects.list(buckets.lake, queryResultsPrefix), async (version) => {
      if (version.modifiedMs >= beforeMs) return;
      this.#report.resultsRemoved++;
      if (!dryRun) await objects.remove(version.bucket, version.key, version.versionId);
    });
    if (!dryRun && clock.now() >= beforeMs) await this.#writeProgress({ ...this.#progress, resultsBeforeMs: 0 });
  }

  async #writeProgress(progress: Progress): Promise<void> {
    await writeProgress(this.#work.objects, this.#work.buckets.lake, progress);
    this.#progress = progress;
  }

  #lake(): SearchedFolder {
    const lake = this.#folders.find(({ name }) => name === 'lake');
    if (lake === undefined) throw new Error('There is no folder of the lake.');
    return lake;
  }

  #isLate(): boolean {
    const { deadlineMs = Number.POSITIVE_INFINITY, signal } = this.#options;
    return signal?.aborted === true || this.#work.clock.now() >= deadlineMs;
  }

  #countRead(body: Buffer | undefined): void {
    if (body === undefined) return;
    this.#report.objectsRead++;
    this.#report.bytesRead += body.length;
    this.#options.onProgress?.(this.#report.objectsRead);
  }
}

async function* inSteps(versions: AsyncIterable<StoredVersion>): AsyncIterable<StoredVersion[]> {
  let step: StoredVersion[] = [];
  for await (const version of versions) {
    // Versions of one key stay together, since a search goes on behind a key.
    if (step.length >= objectsPerStep && step.at(-1)?.key !== version.key) {
      yield step;
      step = [];
    }
    step.push(version);
  }
  if (step.length > 0) yield step;
}
