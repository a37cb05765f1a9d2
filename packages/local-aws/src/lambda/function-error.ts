import { types } from 'node:util';

import type { FunctionError } from './messages.ts';

/** A thrown value as Lambda's Node runtime reports it. */
export function toFunctionError(thrown: unknown): FunctionError {
  if (types.isNativeError(thrown) || thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

/** An error of the Lambda runtime itself, by Lambda's name for it. */
export class RuntimeError extends Error {
  constructor(name: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = name;
  }
}
