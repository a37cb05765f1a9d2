import { plural } from '@tweet-pipes/kit/wording';
import { type Command, InvalidArgumentError } from 'commander';
import { underWay } from '../explain.ts';
import type { Connection } from '../stack/connect.ts';
import { printableJson, type Terminal } from '../terminal/terminal.ts';

interface DeleteFlags {
  direct?: true;
  json?: true;
}

/** `delete`: deletes tweets, through the stream or directly. */
export function addDelete(program: Command, terminal: Terminal): void {
  program
    .command('delete')
    .description('delete tweets by id; each ends as a row in the archive')
    .argument('<id...>', 'tweet ids, as text', parseId)
    .option('--direct', 'delete directly from the table, at once and without the stream')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `
A delete notice goes through the stream behind the tweet it deletes. A tombstone keeps the id, so a later copy is not
stored. Hashtag counts stay: they say how many tweets ever carried the hashtag.

With --direct the item is deleted from the table now. There is no tombstone: a later copy is new and counts again.

Examples:
  $ npx tweet-pipes delete 1900000000000000001 1900000000000000002
  $ npx tweet-pipes delete --direct 1900000000000000001`,
    )
    .action(async (ids: string[], flags: DeleteFlags, command: Command) => {
      const { withStack } = await import('../stack/connect.ts');
      const run = flags.direct ? deleteDirectly : sendDeleteNotices;
      await withStack(terminal, command, (connection) => run(new Set(ids), connection, flags, terminal));
    });
}

function parseId(text: string, before: string[] | undefined): string[] {
  if (text.length === 0 || text.length > 64) throw new InvalidArgumentError('A tweet id has 1 to 64 characters.');
  return [...(before ?? []), text];
}

/** Sends a delete notice for each id, with the id as partition key. Prints how many; a lost one sets exit code 2. */
async function sendDeleteNotices(
  ids: ReadonlySet<string>,
  { clients, outputs }: Connection,
  { json }: DeleteFlags,
  terminal: Terminal,
): Promise<void> {
  const { writeRecords } = await import('@tweet-pipes/producer/kinesis-writer');
  const notices = [...ids].map((id) => ({
    partitionKey: id,
    data: Buffer.from(
      JSON.stringify({ delete: { status: { id_str: id }, timestamp_ms: String(terminal.clock.now()) } }),
    ),
  }));
  const { sent, lost } = await writeRecords(notices, {
    client: clients.kinesis,
    streamName: outputs.TweetStreamName,
    clock: terminal.clock,
    random: terminal.random,
    onOutage: (reason) => terminal.err(`The stream does not answer (${reason}). Trying again; Ctrl-C ends it.`),
    onLost: ({ partitionKey }, reason) => terminal.err(`Lost: the notice for ${partitionKey}, ${reason}`),
  });
  const end =
    sent === 1 ? 'the tweet is gone once the pipe has read it' : 'the tweets are gone once the pipe has read them';
  terminal.out(json ? JSON.stringify({ sent, lost }) : `Sent ${plural(sent, 'delete notice')}; ${end}.`);
  if (lost > 0) terminal.exitCode = 2;
}

/** Deletes the items and prints the ids that had none, which is no failure. */
async function deleteDirectly(
  ids: ReadonlySet<string>,
  { clients, outputs }: Connection,
  { json }: DeleteFlags,
  terminal: Terminal,
): Promise<void> {
  const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
  const [deleted, missing]: [string[], string[]] = [[], []];
  for (const id of ids) {
    const key = { TableName: outputs.TweetTableName, Key: { id: { S: id } }, ReturnValues: 'ALL_OLD' as const };
    const deleting = () => clients.dynamodb.send(new DeleteItemCommand(key));
    const isFirst = deleted.length + missing.length === 0;
    const { Attributes } = await (isFirst ? deleting() : underWay(terminal, deleting)).catch((error: unknown) => {
      if (deleted.length > 0) terminal.err(`Deleted before it failed at ${id}: ${deleted.join(' ')}`);
      throw error;
    });
    (Attributes === undefined ? missing : deleted).push(id);
  }
  if (json) return terminal.out(printableJson({ deleted, missing }));
  terminal.out(`Deleted ${plural(deleted.length, 'tweet')}.`);
  for (const id of missing) terminal.out(`There was no tweet ${id}.`);
}
