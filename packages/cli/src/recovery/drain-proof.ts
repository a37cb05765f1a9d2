import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { formatPosition } from '@tweet-pipes/kit/position';

import { RecoveryError } from './errors.ts';
import { streamShards } from './stream-shards.ts';
import type { Surroundings } from './surroundings.ts';

/** Per open shard, the position up to which everything has been processed. */
export type DrainedUpTo = ReadonlyMap<string, string>;

const longestDrainSeconds = 900;
const pollMs = 250;

/**
 * Proves that the running pipe has processed all that was in the stream: puts a delete notice of an id that nobody has
 * into each open shard and waits until it is listed. A shard is processed in order, a closed one before those that
 * follow it, and a notice is listed after everything of its batch was counted. The listings are removed again. Throws
 * RecoveryError when it takes more than 15 minutes.
 */
export async function proveDrained(on: Surroundings): Promise<DrainedUpTo> {
  on.note('Waiting until the pipe has processed what is in the stream …');
  const waiting = new Map<string, { shardId: string; position: string }>();
  for (const shard of await streamShards(on)) {
    if (!shard.isOpen) continue;
    const id = `drain-${on.random.uuid()}`;
    const { ShardId: shardId = shard.shardId, SequenceNumber = '0' } = await on.clients.kinesis.send(
      new PutRecordCommand({
        StreamName: on.stack.TweetStreamName,
        PartitionKey: id,
        ExplicitHashKey: shard.hashKey,
        Data: Buffer.from(JSON.stringify({ delete: { status: { id_str: id } } })),
      }),
    );
    waiting.set(id, { shardId, position: formatPosition(shardId, SequenceNumber) });
  }
  const drained = new Map<string, string>();
  const endMs = on.clock.now() + longestDrainSeconds * 1000;
  const TableName = on.stack.DeletionTableName;
  while (waiting.size > 0) {
    for (const [id, { shardId, position }] of waiting) {
      const Key = { id: { S: id } };
      const { Item } = await on.clients.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      if (Item === undefined) continue;
      await on.clients.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
      drained.set(shardId, position);
      waiting.delete(id);
    }
    if (waiting.size === 0) break;
    on.signal.throwIfAborted();
    if (on.clock.now() > endMs) {
      const shards = [...waiting.values()].map(({ shardId }) => shardId).join(', ');
      throw new RecoveryError(
        `The pipe ${on.stack.IngestPipeName} has not processed ${shards} within ${longestDrainSeconds} seconds. See docs/runbook.md, "The iterator age grows".`,
      );
    }
    await on.clock.sleep(pollMs, on.signal);
  }
  return drained;
}
