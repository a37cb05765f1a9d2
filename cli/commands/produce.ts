import type { Command } from 'commander';

import type { Terminal } from '../terminal.ts';
import { addProduceTwitter } from './produce-twitter.ts';
import { sampleFlags } from './sample-flags.ts';

/** `produce`: one subcommand per source of records. */
export function addProduce(program: Command, terminal: Terminal): void {
  const produce = program
    .command('produce')
    .description('put records on the stream, from one of several sources')
    .addHelpText(
      'after',
      `
Records of one tweet id keep their order. A record that fails is retried alone; when it fails 10 times, or is larger than 1 MiB, it is named
and the exit code is 2. Ctrl-C stops reading and writes what was read; again, and it ends at once.

Examples:
  $ npx tweet-pipes produce sample
  $ npx tweet-pipes produce file tweets.jsonl
  $ curl -sN https://example.com/stream | npx tweet-pipes produce file -`,
    );

  sampleFlags(
    produce
      .command('sample')
      .description('made-up tweets of every kind: many scripts, retweets, duplicates, deletions, malformed records'),
  )
    .option('--json', 'the summary on one line of JSON')
    .addHelpText(
      'after',
      `
The same seed and number always give the same records, so feeding them twice counts nothing twice.

Examples:
  $ npx tweet-pipes produce sample
  $ npx tweet-pipes produce sample --records 100000 --seed 7`,
    )
    .action(async (options: { seed: number; records: number; json?: true }, command: Command) => {
      const { sampleSource } = await import('../../producer/sample/sample.ts');
      await feed(sampleSource(options), options, command);
    });

  produce
    .command('file')
    .description('JSON lines from files, or from standard input for -')
    .argument('<path...>', 'files to read one after the other; - is standard input')
    .option('--json', 'the summary on one line of JSON')
    .addHelpText(
      'after',
      `
One tweet, retweet or delete notice per line, as the X API sends it (v1.1 or v2). Blank lines are skipped. A line that is no JSON is sent as
it is: the pipeline puts it into quarantine with a reason, it is not lost here.

Examples:
  $ npx tweet-pipes produce file monday.jsonl tuesday.jsonl
  $ gunzip -c archive.jsonl.gz | npx tweet-pipes produce file -`,
    )
    .action(async (paths: string[], options: { json?: true }, command: Command) => {
      const { fileSource } = await import('../../producer/sources/file.ts');
      await feed(await fileSource(paths, terminal.stdin), options, command);
    });

  addProduceTwitter(produce, terminal);

  async function feed(source: import('../../producer/record.ts').Source, options: { json?: true }, command: Command) {
    const [{ connect }, { produceFrom }] = await Promise.all([import('../connect.ts'), import('../produce-from.ts')]);
    // The writer counts attempts; one that the SDK hid would be missing from its summary.
    const { clients, outputs } = await connect(terminal, command, { maxAttempts: 1 });
    try {
      await produceFrom(source, { client: clients.kinesis, streamName: outputs.TweetStreamName, terminal, ...options });
    } finally {
      clients.destroy();
    }
  }
}
