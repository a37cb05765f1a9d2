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

/** The first message to a worker. */
export interface Assignment {
  /** Where the code was unpacked. */
  folder: string;
  handler: string;
  /** Whether a handler may take a callback, as before Node 24. */
  takesCallbacks: boolean;
  /** Whether NODE_COMPILE_CACHE is the runtime's own: the worker then hides it from the function. */
  hidesCompileCache: boolean;
}

/** The message that invokes the handler. */
export interface Invocation {
  requestId: string;
  /** The event, JSON text. */
  payload: string;
  /** Timeout in milliseconds. */
  timeoutMs: number;
  functionName: string;
  functionArn: string;
  memoryMb: number;
  logGroup: string;
  /** The caller's client context, JSON text. */
  clientContext: string | undefined;
  fault: FunctionFault | undefined;
}

/** A message from a worker. After `init-error` and `fatal` the worker cannot be used again. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'init-error'; error: FunctionError }
  | { kind: 'result'; payload: string }
  | { kind: 'error'; error: FunctionError }
  | { kind: 'fatal'; error: FunctionError }
  /** Output of the function; `level` is undefined for writes to stdout and stderr. */
  | { kind: 'log'; level: string | undefined; text: string };
