import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { decimal, integer } from '@tweet-pipes/kit/command-line/numbers';
import { type GenerateOptions, generateDefaults } from '@tweet-pipes/producer/sources/generate';
import { type Command, Option } from 'commander';
import { addProduceOptions, type ProduceFlags } from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

type GenerateFlags = ProduceFlags & Required<Omit<GenerateOptions, 'languages'>> & { languages: string[] };

/** `produce generate`: generated tweets without end. */
export function addProduceGenerate(produce: Command, terminal: Terminal): void {
  const defaults = generateDefaults;
  const share = decimal(0, 1);
  const command = produce
    .command('generate')
    .description('generated tweets without end, to put load on a pipeline or to have something to look at')
    .option(
      '--seed <number>',
      'which tweets, 0-4294967295; other seeds have other ids',
      integer(0, 2 ** 32 - 1),
      defaults.seed,
    )
    .option(
      '--hashtags <number>',
      'how many different ones there are, 1-1000000',
      integer(1, 1_000_000),
      defaults.hashtags,
    )
    .option('--skew <exponent>', 'Zipf exponent of their frequency, 0 (all alike) to 5', decimal(0, 5), defaults.skew)
    .addOption(
      new Option('--languages <codes>', 'what texts and hashtags are in')
        .argParser((text) => text.split(','))
        .default([...defaults.languages], defaults.languages.join(',')),
    )
    .option('--retweets <share>', 'of the new tweets, 0-1', share, defaults.retweets)
    .option('--duplicates <share>', 'of all records: earlier tweets again, 0-1', share, defaults.duplicates)
    .option('--deletions <share>', 'of all records: delete notices for earlier tweets, 0-1', share, defaults.deletions)
    .option('--malformed <share>', 'of all records: records for quarantine, 0-1', share, defaults.malformed);
  addProduceOptions(command)
    .addHelpText(
      'after',
      `
It goes on until Ctrl-C, --limit or --duration, as fast as the stream takes it unless --rate says how fast. The same
options give the same tweets in the same order, so a second run, also after a kill, counts nothing twice; --seed gives
new ones.

The scripts of --languages: en es de (Latin), ru uk (Cyrillic), th (Thai), ko (Hangul), ar (Arabic), ja (Han and Kana).

Examples:
  $ npx tweet-pipes produce generate --rate 50
  $ npx tweet-pipes produce generate --seed 7 --limit 100000 --skew 1.2 --languages th,ko,ja
  $ npx tweet-pipes produce generate --duration 60 --duplicates 0.2 --deletions 0.1 --json
  $ npx tweet-pipes produce generate --limit 5 --dry-run`,
    )
    .action(async (flags: GenerateFlags, command: Command) => {
      const [{ generateSource }, { produceSource }] = await Promise.all([
        import('@tweet-pipes/producer/sources/generate'),
        import('../produce/produce-source.ts'),
      ]);
      const source = attempt(() => generateSource(flags));
      await produceSource(source, flags, command, terminal);
    });
}

/** Makes a RangeError, which options that contradict each other cause, a usage error. */
function attempt<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof RangeError ? new CliError(error.message, { cause: error }) : error;
  }
}
