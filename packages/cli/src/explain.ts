import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Explanation } from '@tweet-pipes/kit/command-line/run-program';
import { connectionProblem } from '@tweet-pipes/kit/connection-error';
import { environmentLines } from '@tweet-pipes/local-aws/command-line/environment-lines';
import { EncodingError } from '@tweet-pipes/producer/reading/text/encoding-error';
import { BlueskySourceError } from '@tweet-pipes/producer/sources/bluesky/errors';
import { FileSourceError } from '@tweet-pipes/producer/sources/paths';
import { TwitterSourceError } from '@tweet-pipes/producer/sources/twitter/errors';
import { WriteError } from '@tweet-pipes/producer/write-error';
import type { Terminal } from './terminal/terminal.ts';

const startHint = `To work on this machine, start the runtime with \`npx tweet-pipes local\`, then
  ${environmentLines('http://127.0.0.1:4566').join('\n  ')}`;

const sourceErrors = [BlueskySourceError, EncodingError, FileSourceError, TwitterSourceError];

/** Explains an error that can happen to a correct program; undefined for any other, which is a defect. */
export function explain(error: unknown, env: Readonly<Record<string, string | undefined>>): Explanation | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof CliError) return { message: error.message, exitCode: error.exitCode };
  if (sourceErrors.some((kind) => error instanceof kind)) return { message: error.message, exitCode: 1 };
  if (error instanceof WriteError) {
    const { sent } = error.summary;
    const cause = explain(error.cause, env);
    const message = cause === undefined ? error.message : `${error.message}\n${cause.message}`;
    return {
      message: sent === 0 ? message : `${message}\n${sent} records were written before.`,
      exitCode: sent === 0 ? 1 : 2,
    };
  }
  const message = ofAws(error, env);
  return message === undefined ? undefined : { message, exitCode: 1 };
}

/** Does the work of a command that has started: an explained failure gets exit code 2 instead of 1. */
export async function underWay<T>(terminal: Pick<Terminal, 'env'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const explanation = explain(error, terminal.env);
    throw explanation === undefined ? error : new CliError(explanation.message, { exitCode: 2, cause: error });
  }
}

function ofAws(error: Error, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const endpoint = env.AWS_ENDPOINT_URL || undefined;
  const problem = connectionProblem(error);
  if (problem !== undefined) {
    const where = endpoint === undefined ? 'AWS' : `${endpoint} (AWS_ENDPOINT_URL)`;
    return `Nothing answers at ${where}: ${problem}.\n${startHint}`;
  }
  if (error.name === 'CredentialsProviderError' || /^Region is missing/.test(error.message)) {
    return `AWS_ENDPOINT_URL is not set, and for AWS itself something is missing: ${error.message}\n${startHint}\nTo work on AWS, choose a profile and a region with AWS_PROFILE and AWS_REGION.`;
  }
  if ('$metadata' in error) return `${endpoint ?? 'AWS'} answered ${error.name}: ${error.message}`;
  return undefined;
}
