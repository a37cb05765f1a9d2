import { gunzipSync, gzipSync } from 'node:zlib';

import type { Json } from '../json.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';

/** The file of the table `forgotten`. */
const ledgerKey = 'forgotten/forgotten.jsonl.gz';

/** A tweet whose rows are being removed, and that the totals must count afterwards. */
export interface CountedTweet {
  id: string;
  /** Of its first row. */
  position: string;
  hashtags: readonly string[];
}

/** An object that rows of these ids must leave. */
export interface PlannedObject {
  object: string;
  ids: readonly string[];
}

/** What is being forgotten just now. */
export interface Plan {
  counted: readonly CountedTweet[];
  objects: readonly PlannedObject[];
}

/** What the ledger holds. */
export interface LedgerState {
  /** Forgotten tweets that were counted, by hashtag: anonymous, as the counters are. */
  totals: ReadonlyMap<string, number>;
  /** Undefined while nothing is at work. */
  plan: Plan | undefined;
}

/** Another run changed the ledger. That one goes on; to run again later is safe. */
export class AnotherRunError extends Error {
  override readonly name = 'AnotherRunError';

  constructor() {
    super('Another run is removing deleted tweets right now. It carries on; run again when it has ended.');
  }
}

/**
 * What goes on being counted of forgotten tweets: totals by hashtag. One file has the totals and the plan of the run
 * that is at work, so one conditional write begins a plan, and one folds it into the totals. A reader that adds both up
 * is right at any moment (docs/adr/0046). Written by conditional puts only: of two runs, one gets
 * {@link AnotherRunError}.
 */
export class Ledger {
  readonly #store: ObjectStore;
  readonly #bucket: string;
  #stored: StoredObject | undefined;
  #state: LedgerState = { totals: new Map(), plan: undefined };

  private constructor(store: ObjectStore, bucket: string, stored: StoredObject | undefined) {
    this.#store = store;
    this.#bucket = bucket;
    this.#stored = stored;
    if (stored !== undefined) this.#state = parseLedger(stored.body);
  }

  /** Reads the ledger; an empty one if there is none. */
  static async open(store: ObjectStore, bucket: string): Promise<Ledger> {
    return new Ledger(store, bucket, await store.readCurrent(bucket, ledgerKey));
  }

  get plan(): Plan | undefined {
    return this.#state.plan;
  }

  get totals(): ReadonlyMap<string, number> {
    return this.#state.totals;
  }

  /** Writes down what will be removed. There must be no plan. */
  async begin(plan: Plan): Promise<void> {
    await this.#write({ totals: this.#state.totals, plan });
  }

  /** Adds the plan's tweets to the totals and ends the plan. Every row of it must be gone. */
  async fold(): Promise<void> {
    const totals = new Map(this.#state.totals);
    for (const { hashtags } of this.#state.plan?.counted ?? []) {
      for (const hashtag of hashtags) totals.set(hashtag, (totals.get(hashtag) ?? 0) + 1);
    }
    await this.#write({ totals, plan: undefined });
  }

  async #write(state: LedgerState): Promise<void> {
    const body = formatLedger(state);
    const written = await this.#store.write(this.#bucket, ledgerKey, body, this.#stored);
    if (written === undefined) throw new AnotherRunError();
    const replaced = this.#stored?.versionId;
    // A plan holds hashtags of deleted tweets. In a bucket with versions it must not stay behind.
    if (replaced !== undefined && replaced !== written.versionId) {
      await this.#store.remove(this.#bucket, ledgerKey, replaced);
    }
    this.#stored = { ...written, body, headers: this.#stored?.headers ?? {} };
    this.#state = state;
  }
}

/** The lines of the ledger: totals, then tweets that are being forgotten, then objects. */
function formatLedger({ totals, plan }: LedgerState): Buffer {
  const lines = [
    ...[...totals].map(([hashtag, tweets]) => ({ hashtag, tweets })),
    ...(plan?.counted ?? []),
    ...(plan?.objects ?? []),
    ...(plan === undefined ? [] : [{ plan: true }]),
  ];
  return gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Reads the file of the ledger. Throws SyntaxError for a file that is none. */
export function parseLedger(body: Buffer): LedgerState {
  const totals = new Map<string, number>();
  const counted: CountedTweet[] = [];
  const objects: PlannedObject[] = [];
  let isPlanned = false;
  for (const line of gunzipSync(body).toString('utf8').split('\n')) {
    if (line === '') continue;
    const row: Record<string, Json> = JSON.parse(line);
    if (typeof row.hashtag === 'string' && typeof row.tweets === 'number') totals.set(row.hashtag, row.tweets);
    else if (typeof row.id === 'string' && typeof row.position === 'string') {
      counted.push({ id: row.id, position: row.position, hashtags: texts(row.hashtags) });
    } else if (typeof row.object === 'string') objects.push({ object: row.object, ids: texts(row.ids) });
    else if (row.plan === true) isPlanned = true;
    else throw new SyntaxError(`${ledgerKey} has a line of an unknown form.`);
  }
  return { totals, plan: isPlanned ? { counted, objects } : undefined };
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
