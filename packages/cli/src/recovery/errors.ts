/**
 * A recovery that cannot start or continue. The message says what, why and what to do. What was done before remains
 * done; running the recovery again is safe.
 */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  /** True when nothing was changed. */
  readonly isRefusal: boolean;

  constructor(message: string, options: { isRefusal?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.isRefusal = options.isRefusal ?? false;
  }
}
