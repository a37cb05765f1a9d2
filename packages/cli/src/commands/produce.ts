import type { Command } from 'commander';

import type { Terminal } from '../terminal/terminal.ts';
import { addProduceBluesky } from './produce-bluesky.ts';
import { addProduceFile } from './produce-file.ts';
import { addProduceGenerate } from './produce-generate.ts';
import { addProduceSample } from './produce-sample.ts';
import { addProduceText } from './produce-text.ts';
import { addProduceTwitter } from './produce-twitter.ts';

/** `produce`: one subcommand per source of records. */
export function addProduce(program: Command, terminal: Terminal): void {
  const produce = program
    .command('produce')
    .description('put tweets on the stream, from one of several sources')
    .addHelpText(
      'after',
      `
Every source has the same controls:
  --rate 100         at most 100 records a second       --limit 5000      stop after 5000 records
  --duration 60      stop after a minute                --linger 50       a call may wait 50 ms to become full
  --dry-run          print the records, send nothing    --raw             (not bluesky) send what came, unreduced
  --json             the summary as one line of JSON    --quiet           say only what went wrong
  --stream <name>    write to this stream               --loop            (files, text, sample) start again at the end
  --give-up-after 60 wait a minute for a stream that does not answer, not for ever

Where to: the stream of --stream, else of AWS_STREAM_NAME, else the one of the stack (--stack), at AWS_ENDPOINT_URL or
on AWS.

What is sent: of each tweet what the pipeline uses, in the shape it came in (docs/records.md, "Compact records");
hashtags of a tweet without entities are found in its text. What is no tweet is sent as it is and ends in quarantine.

Nothing is lost or reordered: records of one tweet id stay in order, since one of them is under way at a time. Of a call
only what failed is sent again. While the stream throttles or does not answer, the source is kept waiting, for as long as
it takes or as --give-up-after allows; a line says that the stream does not answer, and when it does again. A record that
fails 10 times otherwise, or is larger than 1 MiB, is reported, and the exit code is 2. A producer that was killed can be
run again: counts are by tweet id, so nothing counts twice.

On a terminal a line shows how many were sent, how fast, and how far the pipe is behind: how long a tweet took from the
stream into the table of tweets, where up to five are looked for each second (half a read unit each). With --stream, it
cannot be known.

Ctrl-C stops reading, writes what was read and prints the summary; a stream that does not answer then gets one more
attempt. Again, and it ends at once.
Exit codes: 0 all sent (also by Ctrl-C where a source has no end), 1 could not start, 2 something was lost, unreadable
or cut short.

Examples:
  $ npx tweet-pipes produce sample
  $ npx tweet-pipes produce generate --rate 50
  $ npx tweet-pipes produce file tweets.jsonl archive.json.gz
  $ echo 'Good morning #world' | npx tweet-pipes produce text -
  $ npx tweet-pipes produce bluesky '#caturday'
  $ npx tweet-pipes produce twitter '#caturday'
  $ npx tweet-pipes produce <source> --help`,
    );
  addProduceSample(produce, terminal);
  addProduceFile(produce, terminal);
  addProduceText(produce, terminal);
  addProduceGenerate(produce, terminal);
  addProduceBluesky(produce, terminal);
  addProduceTwitter(produce, terminal);
}
