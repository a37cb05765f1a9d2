import { integer } from '@tweet-pipes/kit/command-line/numbers';
import type { Command } from 'commander';
import { underWay } from '../explain.ts';
import { addRuntimeOptions, type RuntimeFlags } from '../options/runtime-options.ts';
import { addSampleOptions } from '../options/sample-options.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { beginStart } from '../runtime/begin-start.ts';
import { STUCK_SECONDS } from '../runtime/until-idle.ts';
import { printableJson, type Terminal } from '../terminal/terminal.ts';

interface StartFlags extends RuntimeFlags {
  seed: number;
  records: number;
  once?: true;
  timeout: number;
  json?: true;
}

/** `start`: runtime, sample, result; what `npm start` runs. */
export function addStart(program: Command, terminal: Terminal): void {
  const command = program
    .command('start')
    .description('run the stacks on this machine, feed the sample, check every store, go on serving');
  addSampleOptions(addRuntimeOptions(command))
    .option('--once', 'stop when the result is printed')
    .option(
      '--timeout <seconds>',
      'give up when the pipeline has made no progress for this long',
      integer(1, 86_400),
      STUCK_SECONDS,
    )
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
Every store is compared with what the sample must leave there: exit code 2 on any difference. Started again on the
same data folder it feeds the same records again, and nothing is counted twice.

Examples:
  $ npm start
  $ npm start -- --fresh --records 20000
  $ npm start -- --faults 'kinesis.PutRecords:throttle=5%,dynamodb.*:lose-answer=1%,seed=7'
  $ npm start --silent -- --once --json | jq .ok`,
    )
    .action((flags: StartFlags) => start(flags, terminal));
}

/** Boots, feeds, compares, prints; then serves, unless `--once`. Differences set exit code 2. */
async function start(flags: StartFlags, terminal: Terminal): Promise<void> {
  const startMs = terminal.clock.now();
  const booted = await beginStart(flags, terminal);
  const { readySeconds } = booted;
  try {
    const [{ printBanner }, { printFaults, printPace, serve }, { runSample }, { jsonRun, printRun }] =
      await Promise.all([
        import('../runtime/boot.ts'),
        import('@tweet-pipes/local-aws/command-line/serve'),
        import('../sample/run-sample.ts'),
        import('../sample/print-run.ts'),
      ]);
    const run = await underWay(terminal, () => runSample(booted, flags, terminal, startMs));
    if (flags.json) terminal.out(printableJson(jsonRun(run, readySeconds)));
    else printRun(run, readySeconds, terminal);
    if (run.differences.length > 0) terminal.exitCode = 2;
    if (flags.once) {
      printFaults(booted, terminal);
      printPace(booted, terminal);
      return;
    }
    printBanner(booted, terminal, flags.json ? terminal.err : terminal.out);
    await serve(booted, terminal, { watch: flags.watch, watched: PROJECT_FOLDER });
  } finally {
    await booted.runtime.stop();
  }
}
