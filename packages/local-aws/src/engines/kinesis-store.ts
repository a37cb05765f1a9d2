import type { Clock } from '@tweet-pipes/kit/clock';
import { sentence } from '@tweet-pipes/kit/thrown';
import db, { type Store } from 'kinesalite/db/index.js';
import { AwsError } from '../gateway/aws-error.ts';
import type { Problems } from '../problems.ts';
import { EngineError } from './engine.ts';
import { SHARD_LIMIT } from './kinesis-descriptions.ts';
import { quickenSequences } from './kinesis-sequences.ts';
import { mendStreams } from './kinesis-upkeep.ts';
import { UseCount } from './use-count.ts';

/** Between two attempts to open the files again. */
const REOPEN_EVERY_MS = 1_000;
const WHAT = 'Kinesis files';
/** What LevelDB says of bytes that it cannot read. */
const DAMAGE = /\bCorruption: /;

export interface KinesisStoreOptions {
  /** The folder of the files. */
  path: string;
  region: string;
  accountId: string;
  clock: Clock;
  /** Where a store that cannot be written reports it. Default: nowhere. */
  problems?: Problems | undefined;
}

/**
 * kinesalite's store. LevelDB refuses every write after one that failed, since its log may be torn: then the files are
 * closed and opened again until they can be written, and calls are refused with a retryable error.
 */
export class KinesisStore {
  readonly #options: KinesisStoreOptions;
  readonly #ending = new AbortController();
  /** The same object all the time. Use it within {@link use} only. */
  readonly store: Store;
  #users = new UseCount();
  #failures = 0;
  #problem: string | undefined;
  #reopening: Promise<void> | undefined;

  private constructor(options: KinesisStoreOptions, store: Store) {
    this.#options = options;
    this.store = store;
  }

  /** Opens the files. Rejects with {@link EngineError} when another process uses them or they are damaged. */
  static async open(options: KinesisStoreOptions): Promise<KinesisStore> {
    const { path } = options;
    quickenSequences();
    const store = db.create({ path, createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: SHARD_LIMIT });
    await prepare(store, options);
    return new KinesisStore(options, store);
  }

  /**
   * Runs `work`, which uses the store. Rejects with `ServiceUnavailable` (503) while it cannot be written, with
   * {@link EngineError} after {@link close}, and with what `work` throws.
   */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#problem !== undefined) throw unavailable(this.#problem);
    const failuresBefore = this.#failures;
    let result: T;
    try {
      result = await this.#users.use(work);
    } catch (error) {
      if (isWriteError(error)) throw unavailable(this.#failed(error), error);
      const problem = sentence(error);
      if (DAMAGE.test(problem)) this.#reportDamage(problem);
      throw error;
    }
    // What was written after a torn write may not be there when the files are opened again.
    if (this.#failures !== failuresBefore) throw unavailable('another write failed meanwhile');
    return result;
  }

  /** Refuses new uses and closes the files when the running ones have ended: a call on a closed LevelDB crashes. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#users.end();
    await this.#reopening;
    await this.store.db.close();
  }

  #reportDamage(problem: string): void {
    const { problems, path } = this.#options;
    const why = `${path} is damaged: ${problem}`;
    problems?.report({ what: 'Kinesis data', why, do: 'Stop the runtime and run `npx tweet-pipes doctor`.' });
  }

  #failed(error: Error): string {
    this.#failures += 1;
    const problem = this.#describe(error);
    this.#reopening ??= this.#reopen().finally(() => {
      this.#reopening = undefined;
    });
    return problem;
  }

  #describe(error: Error): string {
    const { problems, path } = this.#options;
    // An engine's error wraps LevelDB's in advice for a start.
    const { message } = error.cause instanceof Error ? error.cause : error;
    this.#problem = `${path} cannot be written: ${message}`;
    problems?.report({ what: WHAT, why: this.#problem, do: 'They are opened again until they can. Nothing is lost.' });
    return this.#problem;
  }

  async #reopen(): Promise<void> {
    const { clock, problems } = this.#options;
    const { signal } = this.#ending;
    const users = this.#users;
    await users.end();
    await this.store.db.close();
    while (!signal.aborted) {
      await clock.sleep(REOPEN_EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        this.store.recreate();
        await prepare(this.store, this.#options);
        this.#users = new UseCount();
        this.#problem = undefined;
        problems?.end(WHAT);
        return;
      } catch (error) {
        if (error instanceof Error) this.#describe(error);
      }
    }
  }
}

async function prepare(store: Store, { path, region, accountId }: KinesisStoreOptions): Promise<void> {
  await whenOpen(store, path);
  store.metaDb.awsRegion = region;
  store.metaDb.awsAccountId = accountId;
  await mendStreams(store);
}

/** LevelDB reports errors by an event only. */
function whenOpen(store: Store, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    store.db.on('error', (cause) => {
      const locked = /lock|already held|temporarily unavailable/i.test(cause.message);
      reject(
        new EngineError(
          locked
            ? `${path} is in use by another process. Stop that one, or choose another data folder with --data <folder>.`
            : `${path} cannot be opened: ${cause.message}. If its files are damaged, start with --fresh.`,
          { cause },
        ),
      );
    });
    store.db.open().then(() => resolve(), reject);
  });
}

/** What levelup makes of each error of a write, https://github.com/Level/errors */
function isWriteError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'WriteError';
}

function unavailable(problem: string, cause?: unknown): AwsError {
  return new AwsError('ServiceUnavailable', `The stream cannot be used at the moment: ${problem}.`, {
    statusCode: 503,
    cause,
  });
}
