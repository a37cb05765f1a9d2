import type { Command } from 'commander';

import type { Terminal } from '../terminal/terminal.ts';

/** What `redrive` can be told. */
export interface RedriveFlags {
  stop?: true;
  dryRun?: true;
  dismissExpired?: true;
  json?: true;
}

/** `redrive`: follows the pointers in the dead-letter queues. */
export function addRedrive(program: Command, terminal: Terminal): void {
  program
    .command('redrive')
    .description(
      'follow the pointers in the dead-letter queues: store, count, quarantine or archive what the pipes gave up',
    )
    .option('--stop', 'stop the ingest pipe first, if it runs, and start it in the end')
    .option('--dry-run', 'say what would be done, and change nothing')
    .option(
      '--dismiss-expired',
      'also take pointers from the queue whose records have left the stream, after naming them',
    )
    .option('--json', 'the report on one line of JSON')
    .addHelpText(
      'after',
      `
A pointer of the ingest pipe is followed into the stream. A tweet that was never stored is stored and counted once; a delete notice is carried out;
what no workflow can use goes to quarantine with its reason. The ingest pipe must be stopped meanwhile. A pointer of an archive pipe is followed into
the table's stream and its removals are flattened and delivered again; those pipes may run.

It guarantees: nothing is counted twice, however often and wherever it is interrupted and repeated. A message leaves its queue when each of its
records is settled, not before.
It cannot tell whether a tweet was counted that the workflow had stored before it failed, once later records of the shard have been counted for the
same hashtag. Such tweets are named, listed under quarantine/unproved/, and not counted again; reconcile decides about them.
It cannot read records that have left the stream (24 hours by default). Those pointers are named and stay in the queue.

Exit code 2 if anything expired, failed, or cannot be proved.

Examples:
  $ npx tweet-pipes redrive --dry-run
  $ npx tweet-pipes redrive --stop
  $ npx tweet-pipes redrive --stop --json | jq .ingest.outcomes`,
    )
    .action(async (flags: RedriveFlags, command: Command) => {
      const [{ connect }, { runRedrive }] = await Promise.all([import('../stack/connect.ts'), import('../redrive.ts')]);
      const connection = await connect(terminal, command);
      try {
        await runRedrive(connection, flags, terminal);
      } finally {
        connection.clients.destroy();
      }
    });
}
