import { CliError } from '@tweet-pipes/kit/command-line/cli-error';

/** The run was interrupted or could not be completed, which counts as a wrong result: exit code 2. */
export class ChaosError extends CliError {
  constructor(message: string, cause?: unknown) {
    super(message, { exitCode: 2, cause });
  }
}
