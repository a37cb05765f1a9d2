/**
 * Thrown by a source in the middle of reading: what it gave before stands. The message names what was read; `cause` is
 * the error.
 */
export class SourceBrokenError extends Error {
  override readonly name = 'SourceBrokenError';

  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
