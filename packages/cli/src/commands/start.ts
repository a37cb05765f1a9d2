import type { Command } from 'commander';
import { addRuntimeOptions, type RuntimeFlags } from '../options/runtime-options.ts';
import { addSampleOptions } from '../options/sample-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What `start` can be told. */
export interface StartFlags extends RuntimeFlags {
  seed: number;
  records: number;
  once?: true;
  json?: true;
}

/** `start`: runtime, sample, result; what `npm start` runs. */
export function addStart(program: Command, terminal: Terminal): void {
  const command = program
    .command('start')
    .description('run the stack on this machine, feed the sample, check every store, go on serving');
  addSampleOptions(addRuntimeOptions(command))
    .option('--once', 'stop when the result is printed')
    .option('--json', 'the result on one line of JSON')
    .addHelpText(
      'after',
      `
The sample knows what it must leave in every store, and the result is compared with it: exit code 2 on any difference. Started again on the
same data folder it feeds the same records again, and nothing is counted twice.

Examples:
  $ npm start
  $ npm start -- --fresh --records 20000
  $ npm start -- --faults 'kinesis.PutRecords:throttle=5%,dynamodb.*:lose-answer=1%,seed=7'
  $ npm start --silent -- --once --json | jq .ok`,
    )
    .action(async (flags: StartFlags, command: Command) => {
      const { start } = await import('../sample/run-sample.ts');
      await start(flags, String(command.optsWithGlobals().stack), terminal);
    });
}
