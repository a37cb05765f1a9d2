import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { terminalProgram } from '@tweet-pipes/kit/command-line/terminal-program';
import { PaceTableError, paceTable, readPaceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { type Command, Option } from 'commander';
import { fullShard } from './answers/full-shard.ts';
import { hotHashtag } from './answers/hot-hashtag.ts';
import { keepUp } from './answers/keep-up.ts';
import { limits } from './answers/limits.ts';
import { measureMonth } from './answers/month-price.ts';
import { byRate } from './answers/rates.ts';
import { printFullShard, printHotHashtag, printKeepUp, printLimits, printRates, printValidation } from './report.ts';
import { COMPACT_BYTES, RAW_BYTES, type Scenario, scenario } from './simulation/scenario.ts';
import { ALLOWED_DEVIATION, validate } from './validation/compare.ts';

const questions = ['rates', 'keep-up', 'full-shard', 'hot-hashtag', 'limits'] as const;

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
      "How this design behaves under AWS's latencies and limits: a simulation in virtual time. Bills are measured as by npx tweet-pipes cost.",
    )
    .addOption(new Option('--only <question>', 'answer one question').choices(questions).conflicts('validate'))
    .option('--seed <number>', 'decides arrivals, latencies and jitter', integer(0, 2 ** 32 - 1), 1)
    .option('--batch-size <number>', 'ingestBatchSize', integer(1, 1_000), scenario().batchSize)
    .option('--age-bound <seconds>', 'the best batch counts 99 of 100 tweets within this time', integer(1, 3_600), 5)
    .option('--table <file>', "changes to the table of AWS's pace, as for --like-aws")
    .option('--validate', 'compare the model with the runtime in slow motion instead; takes minutes')
    .option('--json', 'the answers on one line of JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 answered, 1 could not start, 2 with --validate: the model is off by more than ${ALLOWED_DEVIATION * 100} %.
The same seed gives the same answers on every machine, except those of --validate. docs/scale.md has the figures and the limits of the model.

Examples:
  $ npm run scale
  $ npm run scale -- --only rates --json
  $ npm run scale -- --only limits --batch-size 400
  $ npm run scale --silent -- --json | jq '.limits.compact[0]'
  $ npm run scale -- --validate`,
    )
    .action((flags: Flags) => scale(flags, terminal));
}

async function scale(flags: Flags, terminal: Terminal): Promise<void> {
  const base = { seed: flags.seed, table: flags.table === undefined ? paceTable() : await readTable(flags.table) };
  await (flags.validate ? compareWithRuntime(base, flags, terminal) : answer(base, flags, terminal));
}

/** Compares the model with the runtime. Sets exit code 2 if the model is too far off. */
async function compareWithRuntime(base: Partial<Scenario>, flags: Flags, terminal: Terminal): Promise<void> {
  const free = { batchSize: flags.batchSize, recordBytes: COMPACT_BYTES, itemWriteUnitsPerSecond: 1_000 };
  const results = await validate(base, [
    { ...free, shards: 1, slowMotion: 40 },
    { ...free, shards: 4, slowMotion: 80 },
    { ...free, shards: 1, slowMotion: 40, recordBytes: RAW_BYTES },
    { ...free, shards: 4, slowMotion: 20, batchSize: 25, itemWriteUnitsPerSecond: 8 },
  ]);
  if (flags.json) terminal.out(JSON.stringify({ validation: results }));
  else printValidation(results, terminal);
  if (results.some(({ rateDeviation }) => Math.abs(rateDeviation) > ALLOWED_DEVIATION)) terminal.exitCode = 2;
}

/** Answers one question, or all. */
async function answer(base: Partial<Scenario>, flags: Flags, terminal: Terminal): Promise<void> {
  const { batchSize, ageBound, only } = flags;
  const given = { ...base, batchSize };
  const isAsked = (question: (typeof questions)[number]) => only === undefined || only === question;
  const answers = {
    ...(isAsked('rates') && { rates: byRate(given, await measureMonth(batchSize, flags.seed, terminal)) }),
    ...(isAsked('keep-up') && { keepUp: keepUp(given, ageBound * 1000) }),
    ...(isAsked('full-shard') && { fullShard: fullShard(given) }),
    ...(isAsked('hot-hashtag') && { hotHashtag: hotHashtag(base) }),
    ...(isAsked('limits') && { limits: { compact: limits(given, 'compact'), raw: limits(given, 'raw') } }),
  };
  if (flags.json) {
    terminal.out(JSON.stringify(answers));
    return;
  }
  if (answers.rates) printRates(answers.rates, terminal);
  if (answers.keepUp) printKeepUp(answers.keepUp, terminal);
  if (answers.fullShard) printFullShard(answers.fullShard, batchSize, terminal);
  if (answers.hotHashtag) printHotHashtag(answers.hotHashtag, terminal);
  if (answers.limits) {
    printLimits(answers.limits.compact, `compact tweets, batches of ${batchSize}`, terminal);
    printLimits(answers.limits.raw, `raw tweets of 3 KB, batches of ${batchSize}`, terminal);
  }
}

async function readTable(path: string) {
  try {
    return await readPaceTable(path);
  } catch (error) {
    throw error instanceof PaceTableError ? new CliError(error.message, { cause: error }) : error;
  }
}
