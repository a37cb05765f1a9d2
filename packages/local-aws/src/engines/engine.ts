import type { WireService } from '../gateway/wire.ts';

/** A running engine and the AWS services it answers. */
export interface Engine {
  readonly services: readonly WireService[];
  /** Resolves when its files are closed and its work has ended. May be called more than once. */
  stop(): Promise<void>;
}

/** An engine could not start, or ended by itself. The message has the cause and a remedy. Not retryable. */
export class EngineError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EngineError';
  }
}
