import type { Command } from 'commander';
import {
  addProduceOptions,
  addReadingOptions,
  type ReadingFlags,
  refuseLoopOfStdin,
} from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `produce text`: plain text. */
export function addProduceText(produce: Command, terminal: Terminal): void {
  const command = produce
    .command('text')
    .description('plain text, one tweet a line; hashtags are found by the rules of X')
    .argument('<path...>', 'read one after the other, in any container; - is standard input; a folder is read whole');
  addReadingOptions(addProduceOptions(command, { loop: true }))
    .addHelpText(
      'after',
      `
The id of a tweet is made from its text, so the same line is the same tweet, wherever and however often it stands:
feeding a file twice counts nothing twice, and two equal lines count once. Blank lines are skipped, spaces around a line
do not matter. Containers and encodings are those of \`produce file\`. A line that is no text in its encoding is
unreadable; a file of tweets in JSON or CSV is refused.

Examples:
  $ echo 'Guten Morgen #Köln #Kaffee' | npx tweet-pipes produce text -
  $ npx tweet-pipes produce text notes/*.txt
  $ tail -f chat.log | npx tweet-pipes produce text -`,
    )
    .action(async (paths: string[], flags: ReadingFlags, command: Command) => {
      refuseLoopOfStdin(paths, flags);
      const [{ textSource }, { produceSource }] = await Promise.all([
        import('@tweet-pipes/producer/sources/text'),
        import('../produce/produce-source.ts'),
      ]);
      await produceSource(await textSource(paths, { ...flags, stdin: terminal.stdin }), flags, command, terminal);
    });
}
