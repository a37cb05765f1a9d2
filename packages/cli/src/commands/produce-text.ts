import type { Command } from 'commander';
import { addProduceOptions, type ProduceFlags, refuseLoopOfStdin } from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `produce text`: plain text. */
export function addProduceText(produce: Command, terminal: Terminal): void {
  const command = produce
    .command('text')
    .description('plain text in UTF-8, one tweet a line; hashtags are found by the rules of X')
    .argument('<path...>', 'read one after the other, gzipped or not; - is standard input; a folder is read whole');
  addProduceOptions(command, { loop: true })
    .addHelpText(
      'after',
      `
The id of a tweet is made from its text, so the same line is the same tweet, wherever and however often it stands:
feeding a file twice counts nothing twice, and two equal lines count once. Blank lines are skipped, spaces around a line
do not matter.

Examples:
  $ echo 'Guten Morgen #Köln #Kaffee' | npx tweet-pipes produce text -
  $ npx tweet-pipes produce text notes/*.txt
  $ tail -f chat.log | npx tweet-pipes produce text -`,
    )
    .action(async (paths: string[], flags: ProduceFlags, command: Command) => {
      refuseLoopOfStdin(paths, flags);
      const [{ textSource }, { produceSource }] = await Promise.all([
        import('@tweet-pipes/producer/sources/text'),
        import('../produce/produce-source.ts'),
      ]);
      await produceSource(await textSource(paths, terminal.stdin), flags, command, terminal);
    });
}
