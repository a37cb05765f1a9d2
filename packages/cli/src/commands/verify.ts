import { plural } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { integer } from '../options/numbers.ts';
import { addSampleOptions } from '../options/sample-options.ts';
import { jsonSummary, printLake, printOutcome, printRow, printVerdict } from '../sample/report.ts';
import { printableJson, type Terminal } from '../terminal/terminal.ts';

interface VerifyFlags {
  seed: number;
  records: number;
  /** Seconds. */
  timeout: number;
  json?: true;
}

/** `verify`: proves on a running stack, local or on AWS, that counts are exact. */
export function addVerify(program: Command, terminal: Terminal): void {
  addSampleOptions(
    program
      .command('verify')
      .description('feed a sample under fresh ids and hashtags, and check every store for exactly what it must leave'),
  )
    .option('--timeout <seconds>', 'how long the stores may take, 10-7200', integer(10, 7200), 1200)
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
Each run has ids and hashtags of its own, so it may run beside real data and as often as you like; what it stores stays
until it expires. It reads only its own items, the archive files of the hours it ran in and its own shards' part of the
quarantine. On AWS the archive comes last: Firehose writes after up to the interval that the stack was given (minutes).
A malformed record raises the alarm on quarantine, as it should.

Where the lake is deployed, its tables are compared with the others: each tweet, field by field, what was deleted, and
the quarantine. The queries read the hours of the run and are billed as 10 MB each. Firehose writes the lake's rows after
up to 15 minutes, as the stack was given (lakeBufferSeconds), so the default of --timeout is longer than that.

Exit code 2 if a store is not as it must be when the time is over, with every difference named.

Examples:
  $ npx tweet-pipes verify
  $ AWS_PROFILE=prod AWS_REGION=eu-west-1 npx tweet-pipes verify --records 500 --json`,
    )
    .action(async (flags: VerifyFlags, command: Command) => {
      const [{ withStack }, { findLakeOutputs }, { verifySample }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../stack/lake-outputs.ts'),
        import('../sample/verify-sample.ts'),
      ]);
      await withStack(terminal, command, async (connection) => {
        const { outputs, endpoint } = connection;
        const lake = await findLakeOutputs(connection.clients, String(command.optsWithGlobals().lakeStack));
        const runId = terminal.random.uuid();
        terminal.err(
          `Feeding ${plural(flags.records, 'record')} to ${outputs.TweetStreamName} at ${endpoint}, run ${runId}.`,
        );
        const verified = await verifySample({ ...flags, runId }, flags.timeout, { ...connection, lake }, terminal);
        if (flags.json) terminal.out(printableJson(jsonSummary(verified, { runId })));
        else {
          const { archive } = verified.found;
          terminal.out(terminal.bold(`Run ${runId} at ${endpoint}, ${verified.seconds.toFixed(1)} s`));
          printOutcome(terminal, verified);
          if (archive.size > 0) terminal.out('A row of the archive:');
          printRow(terminal, archive.values().next().value);
          printLake(terminal, verified);
          printVerdict(terminal, verified);
        }
        if (verified.differences.length > 0) terminal.exitCode = 2;
      });
    });
}
