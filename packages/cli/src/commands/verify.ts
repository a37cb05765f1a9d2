import type { Command } from 'commander';

import { integer } from '../options/numbers.ts';
import { addSampleOptions } from '../options/sample-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `verify`: proves on a running stack, local or on AWS, that counts are exact. */
export function addVerify(program: Command, terminal: Terminal): void {
  addSampleOptions(
    program
      .command('verify')
      .description('feed a sample under fresh ids and hashtags, and check every store for exactly what it must leave'),
  )
    .option('--timeout <seconds>', 'how long the stores may take, 10-7200', integer(10, 7200), 900)
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
Each run has ids and hashtags of its own, so it may run beside real data and as often as you like; what it stores stays until it expires.
It reads only its own items, the archive files of the hours it ran in and its own shards' part of the quarantine.
On AWS the archive comes last: Firehose writes after up to the interval that the stack was given (minutes). A malformed record raises the
alarm on quarantine, as it should.

Exit code 2 if a store is not as it must be when the time is over, with every difference named.

Examples:
  $ npx tweet-pipes verify
  $ AWS_PROFILE=prod AWS_REGION=eu-west-1 npx tweet-pipes verify --records 500 --json`,
    )
    .action(async (options: { seed: number; records: number; timeout: number; json?: true }, command: Command) => {
      const [{ connect }, { verify }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../sample/verify-sample.ts'),
      ]);
      const connection = await connect(terminal, command);
      try {
        await verify(connection, options, terminal);
      } finally {
        connection.clients.destroy();
      }
    });
}
