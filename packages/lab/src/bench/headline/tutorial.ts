import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { byShard, type LandedRecord } from '../drain.ts';
import type { BenchStack } from '../stack.ts';

/** A task for the consumer. */
export interface TutorialTask {
  streamName: string;
  tableName: string;
  sleepMs: number;
  /** First sequence number and number of records, by shard. */
  shards: { shardId: string; from: string; records: number }[];
}

const tutorialDone = z.object({ milliseconds: z.number() });
export type TutorialDone = z.output<typeof tutorialDone>;

/** The consumer's process, which stays warm between tasks. */
export interface TutorialConsumer {
  /** Consumes the first `recordsPerShard` records of each shard; resolves to milliseconds. */
  consume(landed: readonly LandedRecord[], options: { recordsPerShard: number; sleepMs: number }): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the consumer on the stack's endpoint and stream, with its own table of counters. */
export async function startTutorial({ clients, outputs, runtime }: BenchStack): Promise<TutorialConsumer> {
  const tableName = 'tutorial-hashtags';
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName: 'hashtag', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'hashtag', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const script = fileURLToPath(new URL('tutorial-consumer.ts', import.meta.url));
  const child = fork(script, [runtime.endpoint], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  return {
    async consume(landed, { recordsPerShard, sleepMs }) {
      const task: TutorialTask = {
        ...{ streamName: outputs.TweetStreamName, tableName, sleepMs },
        shards: byShard(landed).flatMap((all) => {
          const records = all.slice(0, recordsPerShard);
          const [first] = records;
          return first === undefined
            ? []
            : [{ shardId: first.shardId, from: first.sequenceNumber, records: records.length }];
        }),
      };
      child.send(task);
      const answer = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
      if (answer === undefined) throw new Error('The consumer exited by itself.');
      return tutorialDone.parse(answer[0]).milliseconds;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
