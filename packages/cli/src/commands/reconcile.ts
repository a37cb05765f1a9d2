import type { Command } from 'commander';

import type { Terminal } from '../terminal/terminal.ts';

/** What `reconcile` can be told. */
export interface ReconcileFlags {
  apply?: true;
  stop?: true;
  json?: true;
}

/** `reconcile`: compares the counters with what they must be. */
export function addReconcile(program: Command, terminal: Terminal): void {
  program
    .command('reconcile')
    .description('recompute every counter from the tweets and the archive, and show or repair what differs')
    .option('--apply', 'write what is proven; the ingest pipe must be stopped and its dead letters settled')
    .option('--stop', 'let the ingest pipe process what is in the stream, stop it meanwhile, and start it in the end')
    .option('--json', 'the report on one line of JSON')
    .addHelpText(
      'after',
      `
A counter must be the number of distinct tweets that were accepted with its hashtag: those in the table, those in the archive, and those removed
within the last day whose rows are still on their way. It reads, and on AWS bills, the tables of tweets and hashtags and the whole archive of
tweets; if anything differs, a day of the table's stream too. Memory grows with the number of hashtags, disk with the number of tweets.

It guarantees: a counter is raised only to tweets that exist or existed, lowered only when the evidence is complete, and written only if it is
still what it was compared as.
It cannot prove that a counter is too high once evidence may be missing: archive files that expired, archiveContent=keys (rows without hashtags),
rows that could not be delivered. It says so, and leaves such counters alone. It cannot judge a hashtag while the stream may still deliver a
tweet of it again; --stop waits until it cannot.

Exit code 2 if anything differs in the end.

Examples:
  $ npx tweet-pipes reconcile
  $ npx tweet-pipes reconcile --stop --apply
  $ npx tweet-pipes reconcile --json | jq '.differences[] | select(.status == "low")'`,
    )
    .action(async (flags: ReconcileFlags, command: Command) => {
      const [{ connect }, { runReconcile }] = await Promise.all([
        import('../stack/connect.ts'),
        import('../reconcile.ts'),
      ]);
      const connection = await connect(terminal, command);
      try {
        await runReconcile(connection, flags, terminal);
      } finally {
        connection.clients.destroy();
      }
    });
}
