import { decimal } from '@tweet-pipes/kit/command-line/numbers';
import type { Command } from 'commander';
import { printableJson, type Terminal } from '../terminal/terminal.ts';

interface StatusFlags {
  watch?: true;
  /** Seconds. */
  every: number;
  json?: true;
}

/** `status`: what is wrong and what to do, and how every part is. */
export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('say what is wrong and what to do, and how every part of the stacks is')
    .option('--watch', 'look again and again until Ctrl-C: redraws a screen, else prints a line for each change')
    .option('--every <seconds>', 'with --watch, the time between two looks, 1-86400', decimal(1, 86_400), 5)
    .option(
      '--json',
      'one line of JSON: {"ok", "problems": [{"what", "why", "do"}], "pipes", …}; with --watch one a look',
    )
    .addHelpText(
      'after',
      `
What is wrong stands at the top, the worst first, each with what to do: pipes that stopped, dead letters, what Firehose
could not deliver, a broken order, lag, alarms that ring, new records in quarantine; locally a full disk and damaged
data too. A batch that fails and is retried is no problem, and is counted. What cannot be read is "not known", with the
reason, never 0.

It reads CloudFormation, Pipes, SQS, Kinesis (100 records of a shard at most, and only if the pipe is behind), DynamoDB
(an item a shard), S3 (listings, and up to 100 objects of the quarantine), and CloudWatch: metrics of the last 15
minutes, which AWS publishes a minute or more later. AWS bills about a tenth of a US cent a look, most of it for some 100
metrics; with --watch they are read once a minute, about 6 US cents an hour.

Locally it looks at all stacks that are there, on AWS at those of this project; --stack names another one.

Exit code 0: nothing is wrong; 2: something is. On Ctrl-C 0.

Examples:
  $ npx tweet-pipes status
  $ npx tweet-pipes status --watch
  $ npx tweet-pipes status --json | jq -r '.problems[] | .what + ": " + .do'
  $ npx tweet-pipes status --watch --every 60 >> problems.log`,
    )
    .action(async ({ watch, every, json }: StatusFlags, command: Command) => {
      const [{ clientsFromEnvironment }, { stackNamesOf }, { StatusReader }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../stack/stack-names.ts'),
        import('../status/status-reader.ts'),
      ]);
      const { clients, endpoint } = clientsFromEnvironment(terminal);
      try {
        const reader = new StatusReader({ clients, endpoint, stacks: stackNamesOf(command), clock: terminal.clock });
        if (watch) {
          const { watchStatus } = await import('../status/watch-status.ts');
          return await watchStatus(() => reader.read(), { everyMs: every * 1000, json: json ?? false }, terminal);
        }
        const status = await reader.read();
        if (json) terminal.out(printableJson(status));
        else {
          const { statusLines } = await import('../status/status-lines.ts');
          const layout = { columns: terminal.size?.columns, bold: terminal.bold };
          for (const line of statusLines(status, layout)) terminal.out(line);
        }
        if (!status.ok) terminal.exitCode = 2;
      } finally {
        clients.destroy();
      }
    });
}
