import type { FunctionFault } from './faults.ts';

/**
 * The body of a failed invocation. `trace` is the stack line by line.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

/** What a worker is started with. */
export interface Assignment {
  /** Where the code was unpacked. */
  folder: string;
  handler: string;
  /** The environment names a cache of compiled code that is not the function's; the worker takes it out. */
  hidesCompileCache: boolean;
}

/** One invocation, as it is handed to the worker. */
export interface Invocation {
  requestId: string;
  /** The event, JSON text. */
  payload: string;
  /** Milliseconds that the invocation may take. */
  timeoutMs: number;
  functionName: string;
  functionArn: string;
  memoryMb: number;
  logGroup: string;
  /** JSON text, from the caller. */
  clientContext: string | undefined;
  fault: FunctionFault | undefined;
}

/** What a worker says. After `init-error` and `fatal` it is of no more use. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'init-error'; error: FunctionError }
  | { kind: 'result'; payload: string }
  | { kind: 'error'; error: FunctionError }
  | { kind: 'fatal'; error: FunctionError }
  /** Without a level it is what the function wrote to stdout or stderr itself. */
  | { kind: 'log'; level: string | undefined; text: string };
