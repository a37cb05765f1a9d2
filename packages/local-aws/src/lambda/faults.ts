/** What becomes of one invocation on purpose. */
export type FunctionFault =
  /** The handler is not run; an error is thrown in its place. */
  | { readonly kind: 'throw' }
  /** The handler runs, its answer is held back, and the time is over after `timeoutMs` already. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  /** The process is killed when the handler has begun. */
  | { readonly kind: 'crash' };

/** Decides for each invocation. */
export interface FunctionFaults {
  next(functionName: string): FunctionFault | undefined;
}
