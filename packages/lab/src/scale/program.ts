import { CliError } from '@tweet-pipes/cli/cli-error';
import { integer } from '@tweet-pipes/cli/options/numbers';
import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { terminalProgram } from '@tweet-pipes/cli/terminal/terminal-program';
import { PaceTableError, paceTable, readPaceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { type Command, Option } from 'commander';
import { hotHashtag } from './answers/hot-hashtag.ts';
import { keepUp } from './answers/keep-up.ts';
import { walls } from './answers/walls.ts';
import { printHotHashtag, printKeepUp, printValidation, printWalls } from './report.ts';
import type { Scenario } from './simulation/scenario.ts';
import { ALLOWED_DEVIATION, validate } from './validation/compare.ts';

const questions = ['keep-up', 'hot-hashtag', 'walls'] as const;

interface Flags {
  only?: (typeof questions)[number];
  seed: number;
  batchSize: number;
  ageBound: number;
  table?: string;
  validate?: true;
  json?: true;
}

/**
 * The command line of the questions about scale. Exit code in `terminal.exitCode`; usage errors and --help are
 * commander's, as in packages/cli/src/program.ts.
 */
export function scaleProgram(terminal: Terminal): Command {
  return terminalProgram('npm run scale --', terminal)
    .description(
      "What AWS's latencies and limits make of this design, by a simulation in virtual time; needs neither AWS nor the runtime.",
    )
    .addOption(new Option('--only <question>', 'answer one question').choices(questions))
    .option('--seed <number>', 'decides arrivals, latencies and jitter', integer(0, 2 ** 32 - 1), 1)
    .option('--batch-size <number>', 'ingestBatchSize where the limits are computed', integer(1, 1_000), 100)
    .option(
      '--age-bound <seconds>',
      'so soon must 99 of 100 tweets be counted where the best batch is sought',
      integer(1, 3_600),
      5,
    )
    .option('--table <file>', "changes to the table of AWS's pace, as for --like-aws")
    .option('--validate', 'compare the model with the runtime in slow motion instead, at 1 and 4 shards; takes minutes')
    .option('--json', 'the answers on one line of JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 answered, 1 could not start, 2 with --validate: the model is off by more than ${ALLOWED_DEVIATION * 100} %.
The same seed gives the same answers on every machine, except those of --validate. docs/scale.md has the figures and what the model leaves out.

Examples:
  $ npm run scale
  $ npm run scale -- --only walls --batch-size 400
  $ npm run scale --silent -- --json | jq '.walls.compact[0]'
  $ npm run scale -- --validate`,
    )
    .action((flags: Flags) => scale(flags, terminal));
}

async function scale(flags: Flags, terminal: Terminal): Promise<void> {
  const base: Partial<Scenario> = {
    seed: flags.seed,
    table: flags.table === undefined ? paceTable() : await readTable(flags.table),
  };
  if (flags.validate) {
    const setups = [
      { shards: 1, slowMotion: 10, batchSize: 100, itemWriteUnitsPerSecond: 1_000 },
      { shards: 4, slowMotion: 20, batchSize: 100, itemWriteUnitsPerSecond: 1_000 },
      { shards: 4, slowMotion: 10, batchSize: 25, itemWriteUnitsPerSecond: 8 },
    ];
    const results = await validate(base, setups);
    if (flags.json) terminal.out(JSON.stringify({ validation: results }));
    else printValidation(results, terminal);
    if (results.some(({ rateDeviation }) => Math.abs(rateDeviation) > ALLOWED_DEVIATION)) terminal.exitCode = 2;
    return;
  }
  const { batchSize, ageBound, only } = flags;
  const isAsked = (question: (typeof questions)[number]) => only === undefined || only === question;
  const answers = {
    ...(isAsked('keep-up') && { keepUp: keepUp(base, ageBound * 1000) }),
    ...(isAsked('hot-hashtag') && { hotHashtag: hotHashtag(base) }),
    ...(isAsked('walls') && {
      walls: { compact: walls({ ...base, batchSize }, 'compact'), raw: walls({ ...base, batchSize }, 'raw') },
    }),
  };
  if (flags.json) {
    terminal.out(JSON.stringify(answers));
    return;
  }
  if (answers.keepUp) printKeepUp(answers.keepUp, terminal);
  if (answers.hotHashtag) printHotHashtag(answers.hotHashtag, terminal);
  if (answers.walls) {
    printWalls(answers.walls.compact, `compact tweets, batches of ${batchSize}`, terminal);
    printWalls(answers.walls.raw, `raw tweets of 3 KB, batches of ${batchSize}`, terminal);
  }
}

async function readTable(path: string) {
  try {
    return await readPaceTable(path);
  } catch (error) {
    throw error instanceof PaceTableError ? new CliError(error.message, { cause: error }) : error;
  }
}
