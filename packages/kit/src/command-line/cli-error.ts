/** 0: all done. 1: could not start (usage, configuration). 2: started, but something was lost or failed. */
export type ExitCode = 0 | 1 | 2;

/** Ends a command. The message says what failed, where, and what to do; it is printed without a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(message: string, options: { exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
  }
}
