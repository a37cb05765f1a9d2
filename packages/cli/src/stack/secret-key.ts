import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * Old tutorials set `AWS_SECRET_KEY`, which no AWS SDK of today reads: it would look for other credentials, and may
 * find those of another account. Throws CliError when the key id waits for its secret; else, when a profile may be
 * meant, only says so.
 */
export function checkSecretKey({ env, err }: Pick<Terminal, 'env' | 'err'>): void {
  if (!env.AWS_SECRET_KEY || env.AWS_SECRET_ACCESS_KEY) return;
  const message = 'AWS_SECRET_KEY is set, but the AWS SDK ignores it: the variable is AWS_SECRET_ACCESS_KEY.';
  if (env.AWS_ACCESS_KEY_ID) throw new CliError(`${message}\n  export AWS_SECRET_ACCESS_KEY="$AWS_SECRET_KEY"`);
  err(message);
}
