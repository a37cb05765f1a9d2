import type { Command } from 'commander';
import { addProduceOptions, type ProduceFlags } from '../options/produce-options.ts';
import { addSampleOptions } from '../options/sample-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `produce sample`: the sample that `start` and `verify` feed. */
export function addProduceSample(produce: Command, terminal: Terminal): void {
  const command = produce
    .command('sample')
    .description('generated tweets of every kind: many scripts, retweets, duplicates, deletions, malformed records');
  addProduceOptions(addSampleOptions(command), { loop: true })
    .addHelpText(
      'after',
      `
The same seed and number always give the same records, so feeding them twice counts nothing twice; so does --loop. One
kind of tweet in it has no entities: its hashtags are found in its text, unless --raw leaves it as it is, as start and
verify do.

Examples:
  $ npx tweet-pipes produce sample
  $ npx tweet-pipes produce sample --records 100000 --seed 7
  $ npx tweet-pipes produce sample --raw --dry-run > sample.jsonl`,
    )
    .action(async (flags: ProduceFlags & { seed: number; records: number }, command: Command) => {
      const [{ sampleSource }, { produceSource }] = await Promise.all([
        import('@tweet-pipes/producer/sample/sample'),
        import('../produce/produce-source.ts'),
      ]);
      await produceSource(sampleSource(flags), flags, command, terminal);
    });
}
