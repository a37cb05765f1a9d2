import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@tweet-pipes/kit/clock';

/** Compressions of Parquet, https://docs.aws.amazon.com/firehose/latest/APIReference/API_ParquetSerDe.html */
export type ParquetCompression = 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';

/** Rows to write. Files are absolute paths. */
export interface ParquetJob {
  /** Lines of JSON. */
  rows: string;
  output: string;
  /** With DuckDB's types. */
  columns: readonly { name: string; type: string }[];
  compression: ParquetCompression;
}

/** To the process. */
export interface ParquetRequest extends ParquetJob {
  id: number;
}

/** From the process: the file is written, or why not. */
export interface ParquetReply {
  id: number;
  error?: string;
}

/** Without a job for so long, the process ends. */
const IDLE_MS = 30_000;

/** Writes Parquet in a process of its own, which starts with the first job, so that the runtime has no DuckDB. */
export class ParquetProcess {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #child: ChildProcess | undefined;
  #idle = new AbortController();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rejects when the file cannot be written, or the process ends. Try again. */
  async write(job: ParquetJob): Promise<void> {
    this.#idle.abort();
    this.#child ??= this.#start();
    const child = this.#child;
    this.#lastId += 1;
    const id = this.#lastId;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        child.send({ id, ...job } satisfies ParquetRequest, (error) => {
          if (error !== null) reject(error);
        });
      });
    } finally {
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) void this.#endWhenIdle();
    }
  }

  /** Ends the process. What it writes is rejected. */
  stop(): void {
    this.#idle.abort();
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  async #endWhenIdle(): Promise<void> {
    const idle = new AbortController();
    this.#idle = idle;
    await this.#clock.sleep(IDLE_MS, idle.signal);
    if (!idle.signal.aborted) this.stop();
  }

  #start(): ChildProcess {
    const child = fork(fileURLToPath(new URL('./parquet-worker.ts', import.meta.url)), [], {
      env: {},
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Ctrl-C reaches the runtime alone, which decides the order of shutdown.
      detached: true,
    });
    const end = (): void => {
      if (this.#child === child) this.#child = undefined;
      for (const { reject } of this.#waiting.values()) reject(new Error('the process that writes Parquet ended'));
    };
    child.once('exit', end);
    child.once('error', end);
    child.on('message', ({ id, error }: ParquetReply) => {
      const waiting = this.#waiting.get(id);
      if (error === undefined) waiting?.resolve();
      else waiting?.reject(new Error(`Parquet cannot be written: ${error}`));
    });
    // The runtime must not wait for it at its end.
    child.unref();
    child.channel?.unref();
    return child;
  }
}
