import { CliError } from '@tweet-pipes/cli/cli-error';

/** The run could not be brought to its end, which is as bad as a wrong result: exit code 2. */
export class ChaosError extends CliError {
  constructor(message: string, cause?: unknown) {
    super(message, { exitCode: 2, cause });
  }
}
