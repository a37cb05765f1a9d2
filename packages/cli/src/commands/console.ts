import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { integer } from '@tweet-pipes/kit/command-line/numbers';
import type { Command } from 'commander';
import type { ConsoleContext } from '../console/console-context.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface ConsoleFlags {
  aws?: true;
  port: number;
}

const defaultPort = 4567;

/** `console`: the console page over a deployed stack, or over a runtime of another process. */
export function addConsole(program: Command, terminal: Terminal): void {
  program
    .command('console')
    .description('serve the console page on this machine, over a deployed stack or a running endpoint')
    .option('--aws', 'look at a stack that is deployed to AWS: only reads, and says what that costs')
    .option('--port <number>', `port on 127.0.0.1, 0 for any free one, 0-65535`, integer(0, 65_535), defaultPort)
    .addHelpText(
      'after',
      `
The local runtime serves its page itself, at /_console of its endpoint: npm start needs no command for it. This command
serves the same page over whatever AWS_ENDPOINT_URL and the AWS credentials say, on a port of its own, for this machine
alone.

With --aws it only reads: pipes cannot be stopped, nothing is redriven and no query is run from the page, which says how
to do that. It asks less often than locally, since AWS bills what it asks: GetMetricData 0.01 USD for 1,000 metrics, S3
and SQS by the request, scans of the counters by what they read. The page shows what it has cost and what it costs an
hour while it is open; a page that is not in sight asks nothing.

Examples:
  $ AWS_PROFILE=… AWS_REGION=… npx tweet-pipes console --aws
  $ AWS_ENDPOINT_URL=http://127.0.0.1:4566 npx tweet-pipes console --port 8080`,
    )
    .action(async (flags: ConsoleFlags, command: Command) => {
      const [{ createConsole }, { followStacks }, { openContext }, { serveConsole }, { stackNamesOf }] =
        await Promise.all([
          import('../console/create-console.ts'),
          import('../console/follow-stacks.ts'),
          import('../console/open-context.ts'),
          import('../console/serve-console.ts'),
          import('../stack/stack-names.ts'),
        ]);
      const context = await openContext(terminal, command, flags.aws === true);
      try {
        const isFixed = context.place === 'aws' || stackNamesOf(command).isCoreNamed;
        const looked = isFixed ? () => context : followStacks(context);
        const page = createConsole({ context: looked, log: terminal.err });
        const server = await serveConsole({ port: flags.port, page, log: terminal.err }).catch((cause: unknown) => {
          if (!(cause instanceof Error)) throw cause;
          throw new CliError(cause.message, { cause });
        });
        terminal.out(`http://127.0.0.1:${server.port}/_console`);
        terminal.err(`It shows ${whereOf(context)}; Ctrl-C stops.`);
        await aborted(terminal.interruptible());
        await server.stop();
      } finally {
        context.clients.destroy();
        context.statusClients?.destroy();
      }
    });
}

function whereOf({ place, endpoint, region, stacks }: ConsoleContext): string {
  const names = stacks.map(({ name }) => name).join(', ');
  return place === 'aws' ? `${names} in ${region}, and only reads` : `${names} at ${endpoint}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
