import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Clock } from '@tweet-pipes/kit/clock';
import type { Assignment, FunctionError, Invocation, WorkerMessage } from './messages.ts';
import type { Reaper } from './reaper.ts';

/**
 * Maximum time to load a handler, in seconds.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const initSeconds = 10;

/** V8 prints this text before it aborts because its heap is full. */
const heapExhausted = 'JavaScript heap out of memory';

/** How an invocation ended. After `gone` the sandbox cannot be used again. */
export type InvocationOutcome =
  | { kind: 'result'; payload: string }
  | { kind: 'error'; error: FunctionError }
  | { kind: 'gone'; error: FunctionError };

/** What a sandbox runs with. */
export interface SandboxOptions extends Pick<Assignment, 'folder' | 'handler' | 'takesCallbacks'> {
  /** Cache of compiled code. It saves each process Node's TypeScript stripper: 17 MB and half of the start time. */
  compileCacheFolder: string;
  /** The complete environment of the function. */
  environment: Record<string, string>;
  memoryMb: number;
  clock: Clock;
  /** Ends the sandbox's process when this process is killed. */
  reaper: Reaper;
  /** The name of the log stream that the environment gives the function. */
  logStream: string;
  /** Receives output of the function between invocations. */
  log: Log;
}

/** Receives output of a function. `level` is undefined for writes to stdout and stderr. */
export type Log = (text: string, level: string | undefined) => void;

/**
 * One execution environment: a process with the function's environment and memory that runs one invocation at a time
 * (ADR 0018). The memory limit applies to the JavaScript heap, not to buffers. The process is not frozen between
 * invocations, as it is on AWS.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #process: ChildProcess;
  /** Resolves when the process has ended and all its output was read. */
  readonly #ended: Promise<void>;
  #waiting: ((message: WorkerMessage) => void) | undefined;
  #failure: FunctionError | undefined;
  #isReady = false;
  #isGone = false;
  #stderrTail = '';
  #log: Log;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#log = options.log;
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [], {
      cwd: options.folder,
      // A function's own NODE_COMPILE_CACHE takes precedence.
      env: { NODE_COMPILE_CACHE: options.compileCacheFolder, ...options.environment },
      execArgv: [`--max-old-space-size=${options.memoryMb}`],
      // Payloads are JSON text. JSON serialization would escape them again.
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own process group: Ctrl-C does not reach it, and processes that the function starts are killed with it.
      detached: true,
    });
    this.#process = child;
    const { pid } = child;
    if (pid !== undefined) options.reaper.add(pid);
    child.on('message', (message: WorkerMessage) => {
      if (message.kind === 'log') this.#log(message.text, message.level);
      else this.#waiting?.(message);
    });
    // Output that the worker does not capture: V8's fatal errors, native code, child processes of the function.
    child.stdout?.on('data', (chunk: Buffer) => this.#log(chunk.toString(), undefined));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderrTail = (this.#stderrTail + chunk.toString()).slice(-8_192);
      this.#log(chunk.toString(), undefined);
    });
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#kill();
        this.#isGone = true;
      });
      child.once('close', (code, signal) => {
        if (pid !== undefined) options.reaper.remove(pid);
        this.#fail(this.#exitError(code, signal));
        resolve();
      });
      child.on('error', (error) => {
        if (pid !== undefined) return; // A message to a process that is ending; `close` follows.
        this.#fail(exited(`Error: Runtime failed to start: ${error.message}`));
        resolve();
      });
    });
    // Sent after the process is in the reaper's list: a process that is not listed runs no code of the function.
    const hidesCompileCache = options.environment.NODE_COMPILE_CACHE === undefined;
    const { folder, handler, takesCallbacks } = options;
    this.#send({ folder, handler, takesCallbacks, hidesCompileCache });
  }

  get logStream(): string {
    return this.#options.logStream;
  }

  /** Whether another invocation can run in it. */
  get isAlive(): boolean {
    return this.#failure === undefined;
  }

  /**
   * Loads the handler if necessary, then runs it. Never rejects. The timeout starts when the handler is loaded. `log`
   * receives the function's output meanwhile.
   */
  async invoke(invocation: Invocation, log: Log): Promise<InvocationOutcome> {
    this.#log = log;
    try {
      return await this.#run(invocation);
    } finally {
      this.#log = this.#options.log;
    }
  }

  /** Kills the process and its children. Resolves when it has ended. */
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
    const answer = await this.#within(invocation.timeoutMs / 1000, invocation.requestId, () => this.#send(invocation));
    if (answer.kind === 'result' || answer.kind === 'error') return answer;
    return { kind: 'gone', error: await this.#end(answer, invocation.requestId) };
  }

  /** The next message that is not a log; `fatal` when the process ends or the time is over. */
  async #within(seconds: number, requestId: string, ask: () => void): Promise<WorkerMessage> {
    const inTime = new AbortController();
    const message = await new Promise<WorkerMessage>((resolve) => {
      this.#waiting = resolve;
      if (this.#failure) return resolve({ kind: 'fatal', error: this.#failure });
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
        : { errorType: 'Runtime.Unknown', errorMessage: `the runtime answered ${message.kind}` };
    return error.errorMessage.startsWith('Error: Runtime exited')
      ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` }
      : error;
  }

  #send(message: Assignment | Invocation): void {
    // Sending fails for a process that is ending; `close` follows.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  #kill(): void {
    const { pid } = this.#process;
    // The id of an ended process may have been reused, and the wrong group would be killed.
    if (pid === undefined || this.#isGone) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // No process of the group is left.
    }
  }

  #fail(error: FunctionError): void {
    this.#failure ??= error;
    this.#waiting?.({ kind: 'fatal', error: this.#failure });
  }

  #exitError(code: number | null, signal: NodeJS.Signals | null): FunctionError {
    if (signal === 'SIGABRT' && this.#stderrTail.includes(heapExhausted)) {
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

/** Signal names as Lambda prints them, in Go's words. */
function signalWords(signal: NodeJS.Signals): string {
  const words: Partial<Record<NodeJS.Signals, string>> = {
    SIGABRT: 'aborted',
    SIGKILL: 'killed',
    SIGSEGV: 'segmentation fault',
    SIGTERM: 'terminated',
  };
  return words[signal] ?? signal;
}
