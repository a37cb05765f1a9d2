/**
 * A recovery that cannot begin or go on, told for people: what, why, what to do. Nothing that was done before is
 * undone; repeating is safe.
 */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  /** True when nothing had been changed yet. */
  readonly isRefusal: boolean;

  constructor(message: string, options: { isRefusal?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.isRefusal = options.isRefusal ?? false;
  }
}
