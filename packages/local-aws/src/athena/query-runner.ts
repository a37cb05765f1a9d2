import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isNamed, sentence } from '@tweet-pipes/kit/thrown';
import type { MetricDelivery } from '../cloudwatch/metric-delivery.ts';
import type { RequestContext } from '../gateway/local-service.ts';
import { type Meter, payerOf } from '../meter/meter.ts';
import { billedScanBytes } from '../meter/query-scan.ts';
import type { AthenaState } from './athena-state.ts';
import type { ResultColumn } from './column-types.ts';
import type { QueryEngine } from './engine/query-engine.ts';
import { measureQuery } from './query-metrics.ts';
import { putResult } from './result-file.ts';
import type { Execution } from './shapes.ts';
import { QueryError } from './sql/query-error.ts';
import { isCatalogStatement } from './statement-kinds.ts';

/** Queries that run at a time. The others are queued. */
const PARALLEL = 2;

/** A scan that is larger than the workgroup allows. */
class ScanLimit extends Error {
  override readonly name = 'ScanLimit';
}

/** Who started a query, by the key of the call. */
type Caller = Pick<RequestContext, 'accessKeyId'>;

/** An execution with its statement, the most that it may scan, and in whose name it reads and writes. */
interface Submission {
  execution: Execution;
  sql: string;
  cutoffBytes: number | undefined;
  caller: Caller;
}

/** Runs executions in the order of their submission, a few at a time. */
export class QueryRunner {
  readonly #options: {
    clock: Clock;
    folder: string;
    engine: QueryEngine;
    clients: (caller: Caller) => AwsClients;
    state: AthenaState;
    meter: Meter;
    metrics?: MetricDelivery;
  };
  readonly #queue: Submission[] = [];
  readonly #running = new Map<string, { controller: AbortController; ended: Promise<void> }>();
  #isStopped = false;

  constructor(options: {
    clock: Clock;
    folder: string;
    engine: QueryEngine;
    clients: (caller: Caller) => AwsClients;
    state: AthenaState;
    meter: Meter;
    /** Where the metrics of queries go. Default: nowhere. */
    metrics?: MetricDelivery;
  }) {
    this.#options = options;
  }

  /** Executions that are queued or run. */
  get active(): number {
    return this.#queue.length + this.#running.size;
  }

  /** Queues an execution. `sql` is its statement with its parameters. */
  submit(execution: Execution, sql: string, cutoffBytes: number | undefined, caller: Caller): void {
    this.#queue.push({ execution, sql, cutoffBytes, caller });
    this.#next();
  }

  /** Cancels an execution that is queued or runs. Resolves when it is over. */
  async cancel(execution: Execution): Promise<void> {
    const at = this.#queue.findIndex((queued) => queued.execution === execution);
    if (at >= 0) {
      this.#queue.splice(at, 1);
      this.#finish(execution, 'CANCELLED', 'Query cancelled by user');
      await this.#options.state.save();
      return;
    }
    const running = this.#running.get(execution.id);
    running?.controller.abort();
    await running?.ended;
  }

  /** Cancels what runs and forgets the queue. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#queue.length = 0;
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  #next(): void {
    while (!this.#isStopped && this.#running.size < PARALLEL) {
      const queued = this.#queue.shift();
      if (queued === undefined) return;
      const { execution } = queued;
      const controller = new AbortController();
      execution.state = 'RUNNING';
      execution.startedMs = this.#options.clock.now();
      const ended = this.#run(queued, controller.signal).then(() => {
        this.#running.delete(execution.id);
        this.#next();
      });
      this.#running.set(execution.id, { controller, ended });
    }
  }

  async #run(submission: Submission, signal: AbortSignal): Promise<void> {
    const { folder, clients, state, meter } = this.#options;
    const { execution, sql, caller } = submission;
    const file = join(folder, 'results', `${execution.id}.csv`);
    try {
      await mkdir(join(folder, 'results'), { recursive: true, mode: 0o700 });
      const columns = isCatalogStatement(sql)
        ? await this.#answerCatalog(submission, file)
        : await this.#query(submission, file, signal);
      signal.throwIfAborted();
      await putResult(clients(caller).s3, execution.output, { file, columns, id: execution.id });
      execution.columns = [...columns];
      this.#finish(execution, 'SUCCEEDED');
    } catch (error) {
      if (error instanceof ScanLimit) {
        this.#finish(execution, 'CANCELLED', 'Query cancelled! : Bytes scanned limit was exceeded');
      } else if (signal.aborted) {
        this.#finish(execution, 'CANCELLED', 'Query cancelled by user');
      } else {
        this.#finish(execution, 'FAILED', error instanceof QueryError ? error.message : failureText(error));
      }
    } finally {
      meter.of(execution.workGroup).add('athenaScannedBytes', billedScanBytes(execution), payerOf(caller));
      const { configuration } = state.workGroups.get(execution.workGroup) ?? {};
      if (configuration?.PublishCloudWatchMetricsEnabled) measureQuery(execution, this.#options.metrics);
      await rm(file, { force: true });
      await state.save();
    }
  }

  async #answerCatalog({ execution, sql, caller }: Submission, file: string): Promise<readonly ResultColumn[]> {
    const { catalogAnswer } = await import('./catalog/catalog-statements.ts');
    const { glue } = await this.#options.clients(caller).lake();
    const { lines, columns } = await catalogAnswer(sql, execution.database, glue);
    await writeFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    return columns;
  }

  async #query(
    { execution, sql, cutoffBytes, caller }: Submission,
    file: string,
    signal: AbortSignal,
  ): Promise<readonly ResultColumn[]> {
    const { engine, clients, clock } = this.#options;
    let exceeded: ScanLimit | undefined;
    const run = engine.run({
      id: execution.id,
      sql,
      database: execution.database,
      output: file,
      signal,
      onStart() {
        execution.scannedBytes = 0;
      },
      relations: async (tables) => {
        const { resolveTable } = await import('./catalog/resolve-table.ts');
        const { glue } = await clients(caller).lake();
        const onScan = (bytes: number): void => {
          execution.scannedBytes += bytes;
          if (cutoffBytes === undefined || execution.scannedBytes <= cutoffBytes) return;
          exceeded = new ScanLimit();
          throw exceeded;
        };
        const context = {
          glue,
          s3: clients(caller).s3,
          objectFolder: engine.objectFolder,
          nowMs: clock.now(),
          signal,
          onScan,
        };
        return Promise.all(tables.map((table) => resolveTable(table, context)));
      },
    });
    try {
      return (await run).columns;
    } catch (error) {
      throw exceeded ?? error;
    }
  }

  #finish(execution: Execution, state: Execution['state'], reason?: string): void {
    execution.state = state;
    execution.completedMs = this.#options.clock.now();
    if (reason !== undefined) execution.reason = reason;
  }
}

function failureText(error: unknown): string {
  return isNamed(error, 'AccessDenied') ? sentence(error) : `GENERIC_INTERNAL_ERROR: ${sentence(error)}`;
}
