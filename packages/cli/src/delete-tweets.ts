import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';

import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import { underWay } from './explain.ts';
import type { StackOutputs } from './stack/outputs.ts';
import { plural, type Terminal } from './terminal/terminal.ts';

/**
 * Sends one delete notice per distinct id, with the id as partition key, and reports. Lost ones are named and make the
 * exit code 2.
 */
export async function sendDeleteNotices(
  ids: readonly string[],
  clients: AwsClients,
  outputs: StackOutputs,
  terminal: Terminal,
  { json }: { json?: true },
): Promise<void> {
  const notices = [...new Set(ids)].map((id) => ({
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
    onLost: ({ partitionKey }, reason) => terminal.err(`Lost: the notice for ${partitionKey}, ${reason}`),
  });
  terminal.out(
    json
      ? JSON.stringify({ sent, lost })
      : `Sent ${plural(sent, 'delete notice')}; the tweets are gone once the pipe has read them.`,
  );
  if (lost > 0) terminal.exitCode = 2;
}

/** Deletes the items now and says which were not there; deleting nothing is no failure. */
export async function deleteDirectly(
  ids: readonly string[],
  clients: AwsClients,
  outputs: StackOutputs,
  terminal: Terminal,
  { json }: { json?: true },
): Promise<void> {
  const [deleted, missing]: [string[], string[]] = [[], []];
  for (const id of new Set(ids)) {
    const key = { TableName: outputs.TweetTableName, Key: { id: { S: id } }, ReturnValues: 'ALL_OLD' as const };
    const deleting = () => clients.dynamodb.send(new DeleteItemCommand(key));
    const isFirst = deleted.length + missing.length === 0;
    const { Attributes } = await (isFirst ? deleting() : underWay(terminal, deleting)).catch((error: unknown) => {
      if (deleted.length > 0) terminal.err(`Deleted before it failed at ${id}: ${deleted.join(' ')}`);
      throw error;
    });
    (Attributes === undefined ? missing : deleted).push(id);
  }
  if (json) return terminal.out(JSON.stringify({ deleted, missing }));
  terminal.out(`Deleted ${plural(deleted.length, 'tweet')}.`);
  for (const id of missing) terminal.out(`There was no tweet ${id}.`);
}
