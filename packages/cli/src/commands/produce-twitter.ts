import { decimal } from '@tweet-pipes/kit/command-line/numbers';
import { defaultPriceDate, defaultPricePerRead } from '@tweet-pipes/producer/sources/twitter/read-cost';
import { type Command, Option } from 'commander';
import { addProduceOptions, type ProduceFlags } from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface TwitterFlags extends ProduceFlags {
  rule: string[];
  removeLeftovers?: true;
  pricePerRead: number;
  xEndpoint?: string;
}

/** `produce twitter`: posts from X as they are written. */
export function addProduceTwitter(produce: Command, terminal: Terminal): void {
  const command = produce
    .command('twitter')
    .description("posts from X as they are written, through X's filtered stream")
    .argument('[keyword...]', 'words, #hashtags, @mentions or "quoted phrases"; a post that holds any of them comes')
    .option(
      '--rule <rule>',
      "a rule in X's own language, such as 'cats has:images lang:en'; may be given again",
      collect,
      [],
    )
    .option('--remove-leftovers', 'first remove rules of earlier runs that were killed before they could')
    .option(
      '--price-per-read <usd>',
      `price of a post, for the cost that is printed (the default is of ${defaultPriceDate})`,
      decimal(0, 1000),
      defaultPricePerRead,
    )
    .addOption(new Option('--x-endpoint <url>', "another server that speaks X's API").hideHelp());
  addProduceOptions(command)
    .addHelpText(
      'after',
      `
It needs an app with access to X's API v2, whose credentials are in X's developer console (https://console.x.com):
  export TWITTER_BEARER_TOKEN=…
or, to have a bearer token fetched at each start,
  export TWITTER_API_CONSUMER_KEY=… TWITTER_API_CONSUMER_SECRET=…
TWITTER_API_TOKEN_KEY and TWITTER_API_TOKEN_SECRET may be set too; they stand for a user, and X wants an app here.

X CHARGES FOR EACH POST that it delivers, about ${defaultPricePerRead} USD (${defaultPriceDate}), and a common word brings
hundreds a second. Set a spending limit in the console, and --limit here: --limit 1000 stops near 5 USD. A --dry-run
reads, and costs, just the same. The summary says what was read and what that cost; what X may charge for the authors
and the quoted or retweeted posts that come along is not in it. X also charges for posts that are on their way when it
stops.

Each keyword becomes a rule that matches it literally; --rule takes operators
(https://docs.x.com/x-api/posts/filtered-stream). Rules are made at the start under a tag of this run and removed at the
end, those only. What X holds besides is left alone: a post that matches only such rules is paid for and not sent. Rules
take up to 20 seconds to work.

X allows one connection per app. A connection that is lost or silent is made again with the waits that X asks for; posts
from in between do not come.
Ctrl-C ends it: what was read is written, the rules are removed, and the exit code is 0. X sends no delete notices here:
see \`tweet-pipes delete\`.

Examples:
  $ npx tweet-pipes produce twitter '#caturday' "new york"
  $ npx tweet-pipes produce twitter --limit 10 --dry-run cats
  $ npx tweet-pipes produce twitter --rule 'from:nasa has:hashtags -is:retweet'
  $ AWS_STREAM_NAME=my-stream npx tweet-pipes produce twitter cats --json`,
    )
    .action(async (keywords: string[], flags: TwitterFlags, command: Command) => {
      if (keywords.length === 0 && flags.rule.length === 0) {
        command.error("error: give at least one keyword, or a --rule in X's language");
      }
      const empty = [...keywords, ...flags.rule].some((text) => text.trim() === '');
      if (empty) command.error('error: a keyword or rule is empty');
      const [
        { openTwitterSource },
        { readCredentials },
        { openStream },
        { writeSource },
        { applyControls },
        { dryRun },
      ] = await Promise.all([
        import('@tweet-pipes/producer/sources/twitter/twitter'),
        import('@tweet-pipes/producer/sources/twitter/credentials'),
        import('../stack/open-stream.ts'),
        import('../produce/write-source.ts'),
        import('../produce/produce-source.ts'),
        import('../produce/dry-run.ts'),
      ]);
      const credentials = readCredentials(terminal.env);
      // Opens the stream first: X charges for each post, so there must be a place to write them.
      const stream = flags.dryRun ? undefined : await openStream(terminal, command, flags.stream);
      if (!flags.quiet) terminal.err('Connecting to X; Ctrl-C stops.');
      try {
        const source = await openTwitterSource({
          credentials,
          keywords,
          rules: flags.rule,
          removesLeftovers: flags.removeLeftovers ?? false,
          pricePerRead: flags.pricePerRead,
          ...(flags.xEndpoint === undefined ? {} : { endpoint: flags.xEndpoint }),
          clock: terminal.clock,
          random: terminal.random,
          signal: terminal.interruptible(),
          notice: terminal.err,
          onConnected() {
            if (!flags.quiet) terminal.err('Connected to X.');
          },
        });
        let isDone = false;
        try {
          const wanted = applyControls(source, flags, terminal);
          if (stream === undefined) {
            await dryRun(wanted, terminal, flags);
            if (!flags.quiet) for (const line of source.tally().lines) terminal.err(line);
          } else await writeSource(wanted, { ...stream, terminal, ...flags });
          isDone = true;
        } finally {
          await source.close().catch((error: unknown) => {
            // An error of the cleanup must not hide the error that ended the run.
            if (!(error instanceof Error)) throw error;
            terminal.err(error.message);
            if (isDone) terminal.exitCode = 2;
          });
        }
      } finally {
        stream?.close();
      }
    });
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
