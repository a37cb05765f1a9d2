import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { ResultColumn } from '../column-types.ts';
import { QueryError } from '../sql/query-error.ts';
import type { EngineReply, EngineRequest, EngineSettings, Relation, TableWanted } from './messages.ts';

/** Bounds of a query. */
export interface EngineBounds {
  /** Bytes that DuckDB may use for one query. */
  memoryBytes: number;
  /** A query that runs longer is stopped. */
  queryLimitMs: number;
  /** Without a query for so long, the process ends. */
  idleMs: number;
}

/** As AWS has them, but for the memory: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
export const defaultBounds: EngineBounds = { memoryBytes: 512 * 1024 * 1024, queryLimitMs: 1_800_000, idleMs: 30_000 };

export interface EngineQuery {
  id: string;
  sql: string;
  database: string | undefined;
  /** Where the result is written, as CSV. */
  output: string;
  /** What the tables stand for. Rejects with `QueryError`. */
  relations(tables: readonly TableWanted[]): Promise<readonly Relation[]>;
  /** Cancels the query: `run` then rejects. */
  signal: AbortSignal;
  /** Called each time that it begins: anew, when the process ended because of another query. */
  onStart(): void;
}

/** How long an interrupted query may go on. */
const INTERRUPT_MS = 1_000;

/** The process was ended because of one query, which takes the others with it. */
class EngineKilled extends Error {
  override readonly name = 'EngineKilled';
}

interface Waiting {
  query: EngineQuery;
  resolve(result: { columns: readonly ResultColumn[]; rows: number }): void;
  reject(error: Error): void;
}

/**
 * The process with DuckDB and the SQL parser. It starts with the first query, ends when there was none for a while, and
 * with the runtime. Copies of objects are kept in `objectFolder` as long as it lives.
 */
export class QueryEngine {
  readonly #clock: Clock;
  readonly #bounds: EngineBounds;
  /** Copies of objects, by the hash of their name and etag. */
  readonly objectFolder: string;
  readonly #waiting = new Map<string, Waiting>();
  #process: ChildProcess | undefined;
  #starting: Promise<ChildProcess> | undefined;
  #ended: Promise<void> = Promise.resolve();
  #idle = new AbortController();
  #isKilled = false;

  constructor(options: { clock: Clock; folder: string; bounds: EngineBounds }) {
    this.#clock = options.clock;
    this.#bounds = options.bounds;
    this.objectFolder = join(options.folder, 'objects');
  }

  /** Whether the process lives. */
  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Runs a query. Rejects with `QueryError`, also when it took too long, was cancelled, or the process ended. */
  async run(query: EngineQuery): Promise<{ columns: readonly ResultColumn[]; rows: number }> {
    for (;;) {
      try {
        return await this.#runOnce(query);
      } catch (error) {
        // The process was ended because of another query.
        if (!(error instanceof EngineKilled) || query.signal.aborted) throw error;
      }
    }
  }

  async #runOnce(query: EngineQuery): Promise<{ columns: readonly ResultColumn[]; rows: number }> {
    this.#idle.abort();
    if (this.#starting === undefined) await this.#ended;
    this.#starting ??= this.#start();
    const child = await this.#starting;
    const over = new AbortController();
    query.onStart();
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(query.id, { query, resolve, reject });
        const cancel = () => void this.#cancel(child, query.id);
        query.signal.addEventListener('abort', cancel, { once: true, signal: over.signal });
        void this.#clock.sleep(this.#bounds.queryLimitMs, over.signal).then(() => {
          if (over.signal.aborted) return;
          const limit = `${this.#bounds.queryLimitMs / 1000} s`;
          const error = new QueryError('EXCEEDED_TIME_LIMIT', `Query exceeded the maximum run time of ${limit}`);
          const waiting = this.#waiting.get(query.id);
          if (waiting !== undefined) waiting.reject = () => reject(error);
          cancel();
        });
        this.#post(child, {
          kind: 'run',
          id: query.id,
          sql: query.sql,
          database: query.database,
          output: query.output,
        });
        if (query.signal.aborted) cancel();
      });
    } finally {
      over.abort();
      this.#waiting.delete(query.id);
      if (this.#waiting.size === 0) void this.#endWhenIdle();
    }
  }

  /** Interrupts a query. Where DuckDB does not heed it soon, the process ends, and the other queries begin anew. */
  async #cancel(child: ChildProcess, id: string): Promise<void> {
    this.#post(child, { kind: 'cancel', id });
    const waiting = this.#waiting.get(id);
    await this.#clock.sleep(INTERRUPT_MS);
    if (waiting === undefined || this.#waiting.get(id) !== waiting || this.#process !== child) return;
    this.#isKilled = true;
    child.kill('SIGKILL');
  }

  /** Ends the process and removes the copies of objects. */
  async stop(): Promise<void> {
    this.#idle.abort();
    this.#process?.kill('SIGKILL');
    this.#starting = undefined;
    await this.#ended;
    await rm(this.objectFolder, { recursive: true, force: true });
  }

  async #endWhenIdle(): Promise<void> {
    const idle = new AbortController();
    this.#idle = idle;
    await this.#clock.sleep(this.#bounds.idleMs, idle.signal);
    if (!idle.signal.aborted) await this.stop();
  }

  async #start(): Promise<ChildProcess> {
    await rm(this.objectFolder, { recursive: true, force: true });
    await mkdir(this.objectFolder, { recursive: true, mode: 0o700 });
    const settings: EngineSettings = {
      memoryBytes: this.#bounds.memoryBytes,
      threads: 2,
      folders: [this.objectFolder],
    };
    const { NODE_COMPILE_CACHE } = process.env;
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [], {
      env: { ATHENA_ENGINE: JSON.stringify(settings), ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) },
      // V8's second compiler takes a second of processor time for the SQL parser, and queries are not faster by it.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=1024', '--liftoff-only'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Ctrl-C reaches the runtime alone, which decides the order of shutdown.
      detached: true,
    });
    this.#ended = new Promise((resolve) => {
      const end = () => {
        if (this.#process === child) this.#process = undefined;
        this.#starting = undefined;
        const error = this.#isKilled
          ? new EngineKilled('the process of the query engine was ended')
          : new QueryError('GENERIC_INTERNAL_ERROR', 'the process of the query engine ended. Try again');
        this.#isKilled = false;
        for (const { reject } of this.#waiting.values()) reject(error);
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
    this.#process = child;
    child.on('message', (message: EngineReply) => void this.#heard(child, message));
    // The runtime must not wait for it at its end.
    child.unref();
    child.channel?.unref();
    return child;
  }

  async #heard(child: ChildProcess, message: EngineReply): Promise<void> {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    switch (message.kind) {
      case 'done':
        waiting.resolve(message);
        return;
      case 'failed': {
        const { name, message: text } = message.error;
        waiting.reject(new QueryError(name, text.replace(`${name}: `, '')));
        return;
      }
      case 'wants':
        try {
          const relations = await waiting.query.relations(message.tables);
          this.#post(child, { kind: 'relations', id: message.id, relations });
        } catch (error) {
          const failure =
            error instanceof QueryError
              ? error
              : new QueryError('GENERIC_INTERNAL_ERROR', String(error), undefined, { cause: error });
          const wire = { name: failure.name, message: failure.message };
          this.#post(child, { kind: 'refused', id: message.id, error: wire });
        }
        return;
    }
  }

  #post(child: ChildProcess, message: EngineRequest): void {
    // Sending fails for a process that is ending; its end is heard.
    if (child.connected) child.send(message, () => {});
  }
}
