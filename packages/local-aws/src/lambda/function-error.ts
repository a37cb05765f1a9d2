import { types } from 'node:util';

import type { FunctionError } from './messages.ts';

/** What was thrown, as Lambda's Node runtime answers it. */
export function toFunctionError(thrown: unknown): FunctionError {
  if (types.isNativeError(thrown) || thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

/** An error that the runtime itself reports, under the name that Lambda gives it. */
export class RuntimeError extends Error {
  constructor(name: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = name;
  }
}
