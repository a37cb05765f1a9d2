import { Worker } from 'node:worker_threads';

import type { Clock } from '../clock.ts';
import type { Assignment, FunctionError, Invocation, WorkerMessage } from './messages.ts';

/** How long a handler may take to load. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const initSeconds = 10;

/** How an invocation ended; a sandbox that ended in `gone` is of no more use. */
export type Outcome =
  | { kind: 'result'; payload: string }
  | { kind: 'error'; error: FunctionError }
  | { kind: 'gone'; error: FunctionError };

/** What one sandbox works with. */
export interface SandboxOptions extends Assignment {
  environment: Record<string, string>;
  memoryMb: number;
  clock: Clock;
  /** Takes what the function prints between invocations. */
  log: Log;
}

/** Called with what a function prints; without a level it wrote to stdout or stderr itself. */
export type Log = (text: string, level: string | undefined) => void;

/**
 * One execution environment: a worker thread with the function's environment and memory, that runs one invocation at a time. Memory is the limit of the
 * JavaScript heap; buffers do not count. Between invocations it is not frozen, as it would be on AWS.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #worker: Worker;
  #waiting: ((message: WorkerMessage) => void) | undefined;
  #death: FunctionError | undefined;
  #isReady = false;
  #log: Log;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#log = options.log;
    const assignment: Assignment = { folder: options.folder, handler: options.handler };
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: assignment,
      env: options.environment,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'log') this.#log(message.text, message.level);
      else this.#waiting?.(message);
    });
    this.#worker.on('error', (error) => this.#died(deathBy(error)));
    this.#worker.on('exit', (code) => {
      const reason =
        code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
      this.#died({ errorType: 'Runtime.ExitError', errorMessage: `Error: ${reason}` });
    });
  }

  /** Whether it can take another invocation. */
  get isAlive(): boolean {
    return this.#death === undefined;
  }

  /** Loads the handler if that is not done yet, then runs it. Never rejects; the clock of the timeout starts when the handler is loaded. `log` takes what the function prints meanwhile. */
  async invoke(invocation: Invocation, log: Log): Promise<Outcome> {
    this.#log = log;
    try {
      return await this.#run(invocation);
    } finally {
      this.#log = this.#options.log;
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  async #run(invocation: Invocation): Promise<Outcome> {
    if (!this.#isReady) {
      const init = await this.#within(initSeconds, invocation.requestId, () => {});
      if (init.kind !== 'ready') return { kind: 'gone', error: await this.#end(init, invocation.requestId) };
      this.#isReady = true;
    }
    const answer = await this.#within(invocation.timeoutMs / 1000, invocation.requestId, () =>
      this.#worker.postMessage(invocation),
    );
    if (answer.kind === 'result' || answer.kind === 'error') return answer;
    return { kind: 'gone', error: await this.#end(answer, invocation.requestId) };
  }

  /** The next message that is no log, or a `fatal` one made here when the worker dies or the time is over. */
  async #within(seconds: number, requestId: string, ask: () => void): Promise<WorkerMessage> {
    const inTime = new AbortController();
    const message = await new Promise<WorkerMessage>((resolve) => {
      this.#waiting = resolve;
      if (this.#death) return resolve({ kind: 'fatal', error: this.#death });
      void this.#options.clock.sleep(seconds * 1000, inTime.signal).then(() => {
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
        resolve({ kind: 'fatal', error: { errorType: 'Sandbox.Timedout', errorMessage } });
      });
      ask();
    });
    this.#waiting = undefined;
    inTime.abort();
    return message;
  }

  async #end(message: WorkerMessage, requestId: string): Promise<FunctionError> {
    await this.#worker.terminate();
    const error =
      'error' in message
        ? message.error
        : { errorType: 'Runtime.Unknown', errorMessage: `the runtime said ${message.kind}` };
    return error.errorMessage.startsWith('Error: Runtime exited')
      ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` }
      : error;
  }

  #died(error: FunctionError): void {
    this.#death ??= error;
    this.#waiting?.({ kind: 'fatal', error: this.#death });
  }
}

function deathBy(error: unknown): FunctionError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? { errorType: 'Runtime.OutOfMemory', errorMessage: 'Error: Runtime exited with error: signal: killed' }
    : { errorType: 'Runtime.ExitError', errorMessage: `Error: Runtime exited with error: ${error}` };
}
