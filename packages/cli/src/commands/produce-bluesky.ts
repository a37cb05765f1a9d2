import { type Command, InvalidArgumentError } from 'commander';
import { addProduceOptions, type ProduceFlags } from '../options/produce-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface BlueskyFlags extends ProduceFlags {
  langs: string[];
  endpoint: string[];
  cursorFile?: string;
  fromNow?: true;
}

/** `produce bluesky`: posts from Bluesky as they are written. */
export function addProduceBluesky(produce: Command, terminal: Terminal): void {
  const command = produce
    .command('bluesky')
    .description('posts from Bluesky as they are written, and their deletions; needs no account and costs nothing')
    .argument('[keyword...]', 'words, #hashtags or "quoted phrases"; a post that holds any of them comes. None: all')
    .option('--langs <list>', 'only posts in these languages, such as en,ja or pt-BR', parseLanguages, [])
    .option('--cursor-file <path>', 'where to keep how far it got, for the next start')
    .option('--from-now', 'start at the present, not where the last run stopped')
    .option('--endpoint <url>', 'a Jetstream server instead of the public ones; may be given again', collect, []);
  addProduceOptions(command, { raw: false })
    .addHelpText(
      'after',
      `
It reads Jetstream, the public stream of all posts on Bluesky: some tens a second, without a key. Keywords and languages
choose on this machine. A word matches as a whole word, upper and lower case alike; #word matches a hashtag that the post
declares. A --dry-run shows what comes.

Of a post, id (author and record key), text, first language, time, author's DID and hashtags are sent, as a compact
tweet. An edited post has the id of the first one, so it counts once, and what was stored first stays. Each deletion
becomes a delete notice, also for posts that did not match: it does not say what was deleted. Accounts that are deleted
or taken down are counted in the summary; Bluesky does not list their posts, so those that are stored stay.

How far the records are in the stream is kept in a file, at least once a second. The next start with the same stream,
keywords and languages continues there, a few seconds early: what comes twice counts once. So nothing is missed, however
it ended, unless it stood still for longer than Jetstream keeps its events, about a day; that is said, and the exit code
is 2. After a pause it catches up as fast as the stream takes records; --from-now leaves out what happened in between. A
dry run starts at the present and keeps nothing. Files of one place cannot be shared by runs at the same time.

A connection that is lost, or silent for 30 seconds, is made again after a wait that grows to a minute, at the next
public server if it did not last. Ctrl-C ends it: what was read is written, and the exit code is 0.

Examples:
  $ npx tweet-pipes produce bluesky
  $ npx tweet-pipes produce bluesky --limit 10 --dry-run cats '#caturday' "new york"
  $ npx tweet-pipes produce bluesky --langs ja --duration 60
  $ npx tweet-pipes produce bluesky --endpoint ws://127.0.0.1:6008/subscribe`,
    )
    .action(async (keywords: string[], flags: BlueskyFlags, command: Command) => {
      if (keywords.some((keyword) => keyword.trim() === '')) command.error('error: a keyword is empty');
      const [
        { openBlueskySource },
        { CursorFile },
        { openStream },
        { writeSource },
        { applyControls },
        { dryRun },
        { cursorPathOf },
      ] = await Promise.all([
        import('@tweet-pipes/producer/sources/bluesky/bluesky'),
        import('@tweet-pipes/producer/sources/bluesky/cursor-file'),
        import('../stack/open-stream.ts'),
        import('../produce/write-source.ts'),
        import('../produce/produce-source.ts'),
        import('../produce/dry-run.ts'),
        import('../produce/cursor-path.ts'),
      ]);
      const { endpoint, langs, quiet } = flags;
      const stream = flags.dryRun ? undefined : await openStream(terminal, command, flags.stream);
      try {
        const cursorFile =
          stream === undefined
            ? undefined
            : new CursorFile(
                flags.cursorFile ?? cursorPathOf({ streamName: stream.streamName, keywords, langs }, terminal.env),
              );
        const source = await openBlueskySource({
          keywords,
          langs,
          ...(endpoint.length === 0 ? {} : { endpoints: endpoint }),
          cursorFile,
          isFromNow: flags.fromNow === true,
          clock: terminal.clock,
          random: terminal.random,
          ...(quiet ? {} : { onConnected: (host: string) => terminal.err(`Connected to ${host}; Ctrl-C stops.`) }),
          notice: terminal.err,
        });
        const wanted = applyControls(source, flags, terminal);
        if (stream === undefined) {
          await dryRun(wanted, terminal, flags);
          if (!quiet) for (const line of source.tally().lines) terminal.err(line);
        } else {
          try {
            await writeSource(wanted, { ...stream, terminal, ...flags });
          } finally {
            await source.close();
          }
        }
      } finally {
        stream?.close();
      }
    });
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** https://www.rfc-editor.org/info/bcp47 */
function parseLanguages(text: string): string[] {
  const langs = text.split(',').map((lang) => lang.trim());
  if (langs.every((lang) => /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(lang))) return langs;
  throw new InvalidArgumentError('It must be languages such as en or pt-BR, with commas between them.');
}
