import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Clock } from '@tweet-pipes/kit/clock';
import type { Assignment, FunctionError, Invocation, WorkerMessage } from './messages.ts';
import type { Reaper } from './reaper.ts';

/** How long a handler may take to load. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const initSeconds = 10;

/** What V8 prints when its heap is full, just before it aborts. */
const heapIsFull = 'JavaScript heap out of memory';

/** How an invocation ended; a sandbox that ended in `gone` is of no more use. */
export type InvocationOutcome =
  | { kind: 'result'; payload: string }
  | { kind: 'error'; error: FunctionError }
  | { kind: 'gone'; error: FunctionError };

/** What one sandbox works with. */
export interface SandboxOptions extends Pick<Assignment, 'folder' | 'handler'> {
  /** Where compiled code is kept, which spares each process Node's TypeScript stripper: 17 MB and half of its start. */
  compileCacheFolder: string;
  /** The whole of what the function sees. */
  environment: Record<string, string>;
  memoryMb: number;
  clock: Clock;
  /** Ends the process when ours ends without a word. */
  reaper: Reaper;
  /** Takes what the function prints between invocations. */
  log: Log;
}

/** Called with what a function prints; without a level it wrote to stdout or stderr itself. */
export type Log = (text: string, level: string | undefined) => void;

/**
 * One execution environment: a process of its own with the function's environment and memory, that runs one invocation
 * at a time (ADR 0018). Memory is the limit of the JavaScript heap; buffers do not count. Between invocations it is not
 * frozen, as it would be on AWS.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #process: ChildProcess;
  /** Resolves when the process is gone and everything that it said was read. */
  readonly #ended: Promise<void>;
  #waiting: ((message: WorkerMessage) => void) | undefined;
  #death: FunctionError | undefined;
  #isReady = false;
  #isGone = false;
  #lastWords = '';
  #log: Log;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#log = options.log;
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [], {
      cwd: options.folder,
      // A function that has a cache of its own keeps it.
      env: { NODE_COMPILE_CACHE: options.compileCacheFolder, ...options.environment },
      execArgv: [`--max-old-space-size=${options.memoryMb}`],
      // Strings are most of what is said: JSON would escape payloads that are JSON already.
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C reaches us alone, and what the function starts ends with it.
      detached: true,
    });
    this.#process = child;
    const { pid } = child;
    if (pid !== undefined) options.reaper.add(pid);
    child.on('message', (message: WorkerMessage) => {
      if (message.kind === 'log') this.#log(message.text, message.level);
      else this.#waiting?.(message);
    });
    // Past the worker's own capture: V8's farewell, native code, what the function starts.
    child.stdout?.on('data', (chunk: Buffer) => this.#log(chunk.toString(), undefined));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-8_192);
      this.#log(chunk.toString(), undefined);
    });
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#kill();
        this.#isGone = true;
      });
      child.once('close', (code, signal) => {
        if (pid !== undefined) options.reaper.remove(pid);
        this.#died(this.#causeOfDeath(code, signal));
        resolve();
      });
      child.on('error', (error) => {
        if (pid !== undefined) return; // A word to a process that is ending; `close` follows.
        this.#died(exited(`Error: Runtime failed to start: ${error.message}`));
        resolve();
      });
    });
    // Only now: a process that outlives us between its start and its entry in the reaper's list has not run a line of
    // the function.
    const hidesCompileCache = options.environment.NODE_COMPILE_CACHE === undefined;
    this.#tell({ folder: options.folder, handler: options.handler, hidesCompileCache });
  }

  /** Whether it can take another invocation. */
  get isAlive(): boolean {
    return this.#death === undefined;
  }

  /**
   * Loads the handler if that is not done yet, then runs it. Never rejects; the clock of the timeout starts when the
   * handler is loaded. `log` takes what the function prints meanwhile.
   */
  async invoke(invocation: Invocation, log: Log): Promise<InvocationOutcome> {
    this.#log = log;
    try {
      return await this.#run(invocation);
    } finally {
      this.#log = this.#options.log;
    }
  }

  /** Kills the process and what it started, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.#kill();
    await this.#ended;
  }

  async #run(invocation: Invocation): Promise<InvocationOutcome> {
    if (!this.#isReady) {
      const init = await this.#within(initSeconds, invocation.requestId, () => {});
      if (init.kind !== 'ready') return { kind: 'gone', error: await this.#end(init, invocation.requestId) };
      this.#isReady = true;
    }
    const answer = await this.#within(invocation.timeoutMs / 1000, invocation.requestId, () => this.#tell(invocation));
    if (answer.kind === 'result' || answer.kind === 'error') return answer;
    return { kind: 'gone', error: await this.#end(answer, invocation.requestId) };
  }

  /** The next message that is no log, or a `fatal` one made here when the process ends or the time is over. */
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
    await this.stop();
    const error =
      'error' in message
        ? message.error
        : { errorType: 'Runtime.Unknown', errorMessage: `the runtime said ${message.kind}` };
    return error.errorMessage.startsWith('Error: Runtime exited')
      ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` }
      : error;
  }

  #tell(message: Assignment | Invocation): void {
    if (this.#process.connected) this.#process.send(message, () => {}); // It is ending if this fails; `close` says how.
  }

  #kill(): void {
    const { pid } = this.#process;
    // Of what is gone the number may be another's by now, and a group of somebody else would be killed.
    if (pid === undefined || this.#isGone) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  }

  #died(error: FunctionError): void {
    this.#death ??= error;
    this.#waiting?.({ kind: 'fatal', error: this.#death });
  }

  #causeOfDeath(code: number | null, signal: NodeJS.Signals | null): FunctionError {
    if (signal === 'SIGABRT' && this.#lastWords.includes(heapIsFull)) {
      return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Error: Runtime exited with error: signal: killed' };
    }
    if (signal !== null) return exited(`Error: Runtime exited with error: signal: ${signalWords(signal)}`);
    return exited(
      code === 0
        ? 'Error: Runtime exited without providing a reason'
        : `Error: Runtime exited with error: exit status ${code}`,
    );
  }
}

function exited(errorMessage: string): FunctionError {
  return { errorType: 'Runtime.ExitError', errorMessage };
}

/** Signals in Lambda's words, which are those of Go. */
function signalWords(signal: NodeJS.Signals): string {
  const words: Partial<Record<NodeJS.Signals, string>> = {
    SIGABRT: 'aborted',
    SIGKILL: 'killed',
    SIGSEGV: 'segmentation fault',
    SIGTERM: 'terminated',
  };
  return words[signal] ?? signal;
}
