import type { Command } from 'commander';

import { parseColumns } from '../options/columns.ts';
import {
  addProduceOptions,
  addReadingOptions,
  type ReadingFlags,
  refuseLoopOfStdin,
} from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface FileFlags extends ReadingFlags {
  columns?: string[];
}

/** `produce file`: tweets from files. */
export function addProduceFile(produce: Command, terminal: Terminal): void {
  const command = produce
    .command('file')
    .description('tweets from files, folders or standard input, in whatever form you have them')
    .argument(
      '<path...>',
      'read one after the other; - is standard input; a folder is read whole, in the order of names',
    );
  command.option(
    '--columns <names>',
    'the columns of CSV without a header, in order, - for those to leave out: id,created_at,-,username,text',
    parseColumns,
  );
  addReadingOptions(addProduceOptions(command, { loop: true }))
    .addHelpText(
      'after',
      `
What a file is shows from its first bytes, not from its name (docs/bring-your-tweets.md):
  containers   gzip, bzip2, zstandard, tar and zip, in each other too; nothing is unpacked to disk
  encodings    UTF-8 and UTF-16, with and without a byte order mark; --encoding for others
  JSON         one value a line, arrays, after each other, over several lines, in texts; pages of search and timelines
               (v1.1, v2), what twarc2, snscrape, twint, mongoexport and elasticdump write, X's own archive
  CSV          also with semicolons or tabs; columns are found by their names, or by --columns
  deletions    delete notices of v1.1 and v2, results of batch compliance jobs
--dry-run says for the first tweet how each field was found.

Nothing is lost in silence. What is no tweet and no delete notice is counted by reason, with file and line of the first
few, and the exit code is 2. It is sent as it came, and the pipeline puts it into quarantine; --unreadable skip leaves
it out, --unreadable stop ends there. A file without one tweet in it is refused before anything of it is sent. A folder
and an archive go on after a file that cannot be read.

The same file again, or one that a killed run had begun, counts nothing twice, because ids are those of the tweets;
--loop too feeds the same ids.

Examples:
  $ npx tweet-pipes produce file monday.jsonl tuesday.jsonl.gz
  $ npx tweet-pipes produce file --rate 200 --loop archive/
  $ twarc2 search --limit 500 '#caturday' | npx tweet-pipes produce file -
  $ npx tweet-pipes produce file --dry-run --limit 3 page.json
  $ npx tweet-pipes produce file twitter-archive.zip twitter-stream-2021-01-01.tar
  $ npx tweet-pipes produce file --encoding windows-1252 --columns -,id,created_at,-,username,text sentiment140.csv`,
    )
    .action(async (paths: string[], flags: FileFlags, command: Command) => {
      refuseLoopOfStdin(paths, flags);
      const [{ fileSource }, { produceSource }] = await Promise.all([
        import('@tweet-pipes/producer/sources/file'),
        import('../produce/produce-source.ts'),
      ]);
      await produceSource(
        await fileSource(paths, { ...flags, isRaw: flags.raw === true, stdin: terminal.stdin }),
        flags,
        command,
        terminal,
      );
    });
}
