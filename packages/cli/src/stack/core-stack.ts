import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { RunningStack } from '@tweet-pipes/local-aws';

/** The name that the app of this project gives the stack with the pipeline of tweets. */
export const CORE_STACK = 'TweetPipes';

/** The output that the pipeline's stack alone has. */
export const STREAM_OUTPUT = 'TweetStreamName';

/**
 * The name of the running stack with the pipeline of tweets, whatever other stacks run beside it. Throws CliError when
 * none has it.
 */
export function runningCore(stacks: readonly RunningStack[]): string {
  const core = stacks.find(({ outputs }) => Object.hasOwn(outputs, STREAM_OUTPUT));
  if (core !== undefined) return core.name;
  const names = stacks.map(({ name }) => name).join(', ');
  throw new CliError(
    `The sample goes through the pipeline of tweets, and no stack that runs has it (${names}). ` +
      `Run it too: --stacks ${[CORE_STACK, ...stacks.map(({ name }) => name)].join(',')}.`,
  );
}
