import type { WireService } from '../gateway/wire.ts';

/** A running engine: the AWS services it answers, and its end. */
export interface Engine {
  readonly services: readonly WireService[];
  /** Resolves when its files are closed and nothing of it runs. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * An engine could not start, or ended by itself. The message says what, where and what to do; a retry alone does not
 * help.
 */
export class EngineError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EngineError';
  }
}
