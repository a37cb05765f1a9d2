import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { formatPosition } from '@tweet-pipes/kit/position';
import type { RecoveryContext } from './context.ts';
import { RecoveryError } from './errors.ts';
import { streamShards } from './stream-shards.ts';

/** Per open shard, the position up to which everything has been processed. */
export type DrainedUpTo = ReadonlyMap<string, string>;

const longestDrainSeconds = 900;
const pollMs = 250;

/**
 * Proves that the running pipe has processed everything that was in the stream. Puts a delete notice of an unused id
 * into each open shard and waits for its tombstone. A shard is processed in order, a parent before its children, and a
 * tombstone is written after everything in its batch was counted. Removes the tombstones again. Throws RecoveryError
 * when it takes more than 15 minutes.
 */
export async function proveDrained(context: RecoveryContext): Promise<DrainedUpTo> {
  context.note('Waiting until the pipe has processed what is in the stream …');
  const waiting = new Map<string, { shardId: string; position: string }>();
  for (const shard of await streamShards(context)) {
    if (!shard.isOpen) continue;
    const id = `drain-${context.random.uuid()}`;
    const { ShardId: shardId = shard.shardId, SequenceNumber = '0' } = await context.clients.kinesis.send(
      new PutRecordCommand({
        StreamName: context.stack.TweetStreamName,
        PartitionKey: id,
        ExplicitHashKey: shard.hashKey,
        Data: Buffer.from(JSON.stringify({ delete: { status: { id_str: id } } })),
      }),
    );
    waiting.set(id, { shardId, position: formatPosition(shardId, SequenceNumber) });
  }
  const drained = new Map<string, string>();
  const endMs = context.clock.now() + longestDrainSeconds * 1000;
  const TableName = context.stack.DeletionTableName;
  while (waiting.size > 0) {
    for (const [id, { shardId, position }] of waiting) {
      const Key = { id: { S: id } };
      const { Item } = await context.clients.dynamodb.send(
        new GetItemCommand({ TableName, Key, ConsistentRead: true }),
      );
      if (Item === undefined) continue;
      await context.clients.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
      drained.set(shardId, position);
      waiting.delete(id);
    }
    if (waiting.size === 0) break;
    context.signal.throwIfAborted();
    if (context.clock.now() > endMs) {
      const shards = [...waiting.values()].map(({ shardId }) => shardId).join(', ');
      throw new RecoveryError(
        `The pipe ${context.stack.IngestPipeName} has not processed ${shards} within ${longestDrainSeconds} seconds. See docs/runbook.md, "The iterator age grows".`,
      );
    }
    await context.clock.sleep(pollMs, context.signal);
  }
  return drained;
}
