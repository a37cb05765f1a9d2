import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseContext } from '@tweet-pipes/cli/options/context';
import { Progress } from '@tweet-pipes/cli/terminal/progress';
import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import { plural } from '@tweet-pipes/kit/wording';
import type { Command } from 'commander';
import { jsonResult, printResult } from './report.ts';
import { isRight, runChaos } from './run.ts';

interface Flags {
  seed: number;
  minutes: number;
  records?: number;
  kills?: number;
  sales?: true | number;
  context: Record<string, string>;
  keep?: string;
  json?: true;
}

/** Of some 10,000 orders. */
const usualChanges = 50_000;

/**
 * The command line of the chaos run. Exit code in `terminal.exitCode`; usage errors and --help are commander's, as in
 * packages/cli/src/program.ts.
 */
export function chaosProgram(terminal: Terminal): Command {
  return terminalProgram('npm run chaos --', terminal)
    .description(
      'Kill, disturb and reshard a local runtime while records flow, then compare tables, archive and quarantine with what they must hold.',
    )
    .option('--seed <number>', 'decides records, crash points and faults', integer(0, 2 ** 32 - 1), 1)
    .option(
      '--minutes <number>',
      'how long the runtime is killed and disturbed; draining comes on top',
      integer(0, 1_440),
      2,
    )
    .option('--kills <number>', 'end after this number of kills, if time allows', integer(0, 100_000))
    .option('--records <number>', 'feed at most this number of records', integer(0, 10_000_000))
    .option(
      '--sales [changes]',
      'write changes of orders beside the tweets, and compare the sales lake with the table (default: 50000)',
      integer(1, 1_000_000),
    )
    .option(
      '-c, --context <key=value>',
      'an option of the stacks, as for cdk deploy; may be repeated',
      parseContext,
      {},
    )
    .option('--keep <folder>', 'an empty or new folder that keeps all data of the run, to look at')
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 everything is right, 1 could not start, 2 something was wrong, lost or extra, or the run was interrupted.
The same seed gives the same records, crash points and faults; how far a run gets depends on the machine. docs/chaos.md says more.

Examples:
  $ npm run chaos
  $ npm run chaos -- --seed 7 --minutes 5
  $ npm run chaos -- --minutes 1 -c tweetPipes:counterItems=3
  $ npm run chaos -- --sales --kills 20 --minutes 30
  $ npm run chaos --silent -- --kills 100 --minutes 60 --json`,
    )
    .action((flags: Flags) => chaos(flags, terminal));
}

async function chaos(flags: Flags, terminal: Terminal): Promise<void> {
  const signal = terminal.interruptible();
  const folder = flags.keep === undefined ? await mkdtemp(join(tmpdir(), 'chaos-')) : resolve(flags.keep);
  const progress = new Progress(terminal, 'chaos', Math.max(1, flags.minutes * 60));
  try {
    const result = await runChaos({
      seed: flags.seed,
      folder,
      seconds: flags.minutes * 60,
      ...(flags.kills === undefined ? {} : { kills: flags.kills }),
      ...(flags.records === undefined ? {} : { records: flags.records }),
      ...(flags.sales === undefined ? {} : { orderChanges: flags.sales === true ? usualChanges : flags.sales }),
      context: flags.context,
      clock: terminal.clock,
      signal,
      onProgress: ({ seconds, kills, records, what }) =>
        progress.update(
          Math.min(Math.round(seconds), flags.minutes * 60),
          `s, ${plural(kills, 'kill')}, ${plural(records, 'record')}; ${what}`,
        ),
    }).finally(() => progress.stop());
    if (flags.json) terminal.out(JSON.stringify(jsonResult(result)));
    else printResult(result, terminal);
    if (!isRight(result)) terminal.exitCode = 2;
  } finally {
    if (flags.keep === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
