/**
 * A consumer as in tutorials, in its own process, which {@link ./tutorial.ts} starts: a loop for each shard gets 100
 * records, reads and rewrites the counter of each hashtag of each record, and sleeps before the next 100.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import type { TutorialDone, TutorialTask } from './tutorial.ts';

const [endpoint] = process.argv.slice(2);
if (endpoint === undefined) throw new Error('An endpoint is needed.');
const { kinesis, dynamodb } = createClients({ endpoint });

process.on('disconnect', () => process.exit());
process.on('message', async (task: TutorialTask) => {
  const startMs = performance.now();
  await Promise.all(task.shards.map((shard) => consume(task, shard)));
  const done: TutorialDone = { milliseconds: performance.now() - startMs };
  process.send?.(done);
});

async function consume(task: TutorialTask, shard: TutorialTask['shards'][number]): Promise<void> {
  const { streamName: StreamName, sleepMs } = task;
  const { shardId: ShardId, from: StartingSequenceNumber } = shard;
  let { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      ...{ StreamName, ShardId, StartingSequenceNumber },
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    }),
  );
  for (let left = shard.records; left > 0; ) {
    const { Records = [], NextShardIterator } = await kinesis.send(
      new GetRecordsCommand({ ShardIterator, Limit: 100 }),
    );
    for (const { Data } of Records.slice(0, left)) {
      for (const hashtag of hashtagsIn(JSON.parse(Buffer.from(Data ?? []).toString('utf8')))) {
        await count(task.tableName, hashtag);
      }
    }
    left -= Records.length;
    ShardIterator = NextShardIterator;
    if (sleepMs > 0) await sleep(sleepMs);
  }
}

async function count(TableName: string, hashtag: string): Promise<void> {
  const Key = { hashtag: { S: hashtag } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
  if (Item === undefined) {
    await dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, htCount: { N: '1' } } }));
    return;
  }
  await dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName, Key },
      UpdateExpression: 'SET htCount = htCount + :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
}

/** The only list of hashtags of a compact record, wherever it is. */
function hashtagsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  for (const [key, member] of Object.entries(value)) {
    if (key === 'hashtags' && Array.isArray(member)) {
      return member.flatMap(({ text, tag }) => String(text ?? tag).toLowerCase());
    }
    const found = hashtagsIn(member);
    if (found.length > 0) return found;
  }
  return [];
}
