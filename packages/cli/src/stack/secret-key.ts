import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * Looks for `AWS_SECRET_KEY`, which old tutorials set and no current AWS SDK reads: the SDK would look for other
 * credentials and might find those of another account. Throws CliError when a key id is set beside it; otherwise prints
 * a warning, since a profile may be meant.
 */
export function checkSecretKey({ env, err }: Pick<Terminal, 'env' | 'err'>): void {
  if (!env.AWS_SECRET_KEY || env.AWS_SECRET_ACCESS_KEY) return;
  const message = 'AWS_SECRET_KEY is set, but the AWS SDK ignores it: the variable is AWS_SECRET_ACCESS_KEY.';
  if (env.AWS_ACCESS_KEY_ID) throw new CliError(`${message}\n  export AWS_SECRET_ACCESS_KEY="$AWS_SECRET_KEY"`);
  err(message);
}
