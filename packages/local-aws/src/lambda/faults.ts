/** An injected fault of one invocation. */
export type FunctionFault =
  /** The handler does not run; an error is thrown instead. */
  | { readonly kind: 'throw' }
  /** The handler runs, its answer is withheld, and the invocation times out after `timeoutMs`. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  /** The process is killed after the handler has started. */
  | { readonly kind: 'crash' };

/** Decides for each invocation whether a fault is injected. */
export interface FunctionFaults {
  next(functionName: string): FunctionFault | undefined;
}
