/**
 * Thrown by a source that fails while it is read; the records before are valid. The message names what was read,
 * `cause` is the error.
 */
export class SourceBrokenError extends Error {
  override readonly name = 'SourceBrokenError';

  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
