import { integer } from '@tweet-pipes/kit/command-line/numbers';
import { defaultRecords, defaultSeed } from '@tweet-pipes/producer/sample/defaults';
import type { Command } from 'commander';

/** Adds the options that choose a sample. */
export function addSampleOptions(command: Command): Command {
  return command
    .option('--seed <number>', 'which sample, 0-4294967295', integer(0, 2 ** 32 - 1), defaultSeed)
    .option('--records <number>', 'how many records, 1-10000000', integer(1, 10_000_000), defaultRecords);
}
