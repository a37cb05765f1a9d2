import type { Command } from 'commander';

import { addProduceOptions, type ProduceFlags, refuseLoopOfStdin } from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `produce file`: tweets from files. */
export function addProduceFile(produce: Command, terminal: Terminal): void {
  const command = produce
    .command('file')
    .description('tweets from files, folders or standard input, as the X API sends them')
    .argument(
      '<path...>',
      'read one after the other; - is standard input; a folder is read whole, in the order of names',
    );
  addProduceOptions(command, { loop: true })
    .addHelpText(
      'after',
      `
Formats are told apart by the first bytes, not by the name:
  JSON lines      a tweet, retweet or delete notice of API v1.1 or v2 per line; blank keep-alive lines are skipped
  v2 pages        as search and timelines answer and twarc2 writes them, one a line: each tweet with the users and tweets
                  included for it
  a JSON array    of any of these, read piece by piece
  gzip            of any of these
A file of one JSON value over many lines must go through \`jq -c .\` first; for other compressions the message names a
program.

What is no tweet is sent as it is: the pipeline puts it into quarantine with its reason, nothing is dropped here. The
same file again, or one that a killed run had begun, counts nothing twice, because ids are those of the tweets; --loop
too feeds the same ids.

Examples:
  $ npx tweet-pipes produce file monday.jsonl tuesday.jsonl.gz
  $ npx tweet-pipes produce file --rate 200 --loop archive/
  $ twarc2 search --limit 500 '#caturday' | npx tweet-pipes produce file -
  $ npx tweet-pipes produce file --dry-run --limit 3 page.json`,
    )
    .action(async (paths: string[], flags: ProduceFlags, command: Command) => {
      refuseLoopOfStdin(paths, flags);
      const [{ fileSource }, { produceSource }] = await Promise.all([
        import('@tweet-pipes/producer/sources/file'),
        import('../produce/produce-source.ts'),
      ]);
      await produceSource(await fileSource(paths, terminal.stdin), flags, command, terminal);
    });
}
