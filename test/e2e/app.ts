import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import {
  ChangeMessageVisibilityCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll } from '@jest/globals';
import { ASSEMBLY_CACHE_FOLDER, PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { readStackOutputs, type StackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { ObjectReader } from '@tweet-pipes/cli/verification/read-objects';
import { readWholeStores } from '@tweet-pipes/cli/verification/read-stores';
import type { Stores } from '@tweet-pipes/cli/verification/stores';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { formatPosition } from '@tweet-pipes/kit/position';
import { type Runtime, type RuntimeOptions, startRuntime } from '@tweet-pipes/local-aws';
import { z } from 'zod';
import { until } from '../../packages/kit/test/until.ts';
import { contextOf } from './synthesize-app.ts';

/** Where a record is in the stream: {@link formatPosition}. */
export type Position = string;

const batchInfo = z.object({
  shardId: z.string(),
  startSequenceNumber: z.string(),
  endSequenceNumber: z.string(),
  batchSize: z.number(),
});
const deadLetter = z
  .object({ context: z.object({ condition: z.string() }) })
  .and(z.union([z.object({ KinesisBatchInfo: batchInfo }), z.object({ DDBStreamBatchInfo: batchInfo })]));

/** The whole app, as the template has it, running in this process. */
export interface App {
  readonly runtime: Runtime;
  readonly clients: AwsClients;
  readonly outputs: StackOutputs;
  /** Puts records in one call and order, all of which must be taken; the partition key is theirs or `k`. */
  put(records: readonly (Partial<PutRecordsRequestEntry> & { Data: Uint8Array })[]): Promise<Position[]>;
  /** Resolves when nothing is on its way any more. The report of a test that ends before that names what still is. */
  settled(): Promise<void>;
  /** Resolves when a condition of the stores holds. */
  until(isSo: () => Promise<boolean>): Promise<void>;
  stores(): Promise<Stores>;
  /** Whether the table has the tweet: a question that costs less than reading all stores. */
  isStored(id: string): Promise<boolean>;
  /**
   * All dead letters that the pipes have put into their queues, each for a single record: its position → why it was
   * given up.
   */
  deadLetters(): Promise<Map<Position, string>>;
  stop(): Promise<void>;
}

const starting = new Set<Promise<App>>();
/** A hook that timed out leaves its app starting. Unless that is stopped too, it keeps Jest's worker alive. */
afterAll(async () => {
  const late = await Promise.allSettled(starting);
  for (const app of late) if (app.status === 'fulfilled') await app.value.stop();
});

/** Boots the app as it is now; `context` without the prefix of its options. */
export function startApp(
  context: Readonly<Record<string, unknown>>,
  options: Partial<RuntimeOptions> = {},
): Promise<App> {
  const app = start(context, options).finally(() => starting.delete(app));
  starting.add(app);
  return app;
}

async function start(context: Readonly<Record<string, unknown>>, options: Partial<RuntimeOptions>): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'e2e-'));
  const runtime = await startRuntime({
    appFolder: PROJECT_FOLDER,
    assemblyCacheFolder: ASSEMBLY_CACHE_FOLDER,
    dataFolder: join(folder, 'data'),
    maxBufferIntervalSeconds: 1,
    stacks: ['TweetPipes'],
    context: contextOf(context),
    ...options,
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const clients = createClients({ endpoint: runtime.endpoint });
  const outputs = await readStackOutputs(clients, runtime.stackName);
  const stop = async (): Promise<void> => {
    clients.destroy();
    await runtime.stop();
    await rm(folder, { recursive: true });
  };
  let stopping: Promise<void> | undefined;
  return {
    runtime,
    clients,
    outputs,
    async put(records) {
      const Records = records.map((record) => ({ PartitionKey: 'k', ...record }));
      const answer = await clients.kinesis.send(
        new PutRecordsCommand({ StreamName: outputs.TweetStreamName, Records }),
      );
      if (answer.FailedRecordCount !== 0) throw new Error(`${answer.FailedRecordCount} records were not taken.`);
      return (answer.Records ?? []).map(({ ShardId, SequenceNumber }) =>
        formatPosition(ShardId ?? '', SequenceNumber ?? ''),
      );
    },
    settled: () =>
      until(async () => (await runtime.idle()).length === 0, {
        what: async () => `nothing is on its way; it is: ${JSON.stringify(await runtime.idle())}`,
        everyMs: 50,
      }),
    until: (isSo) => until(isSo, { everyMs: 100 }),
    stores: () =>
      readWholeStores({
        clients,
        outputs,
        clock: systemClock,
        objects: new ObjectReader(clients, outputs.ArchiveBucketName),
      }),
    async isStored(id) {
      const tweet = { TableName: outputs.TweetTableName, Key: { id: { S: id } } };
      return (await clients.dynamodb.send(new GetItemCommand(tweet))).Item !== undefined;
    },
    async deadLetters() {
      const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand({}));
      const letters = new Map<Position, string>();
      for (const QueueUrl of QueueUrls) {
        for (const { Body = '' } of await visibleMessages(clients, QueueUrl)) {
          const letter = deadLetter.parse(JSON.parse(Body));
          const info = 'KinesisBatchInfo' in letter ? letter.KinesisBatchInfo : letter.DDBStreamBatchInfo;
          if (info.batchSize !== 1 || info.startSequenceNumber !== info.endSequenceNumber) {
            throw new Error(`${info.batchSize} records were given up together: ${Body}`);
          }
          letters.set(formatPosition(info.shardId, info.startSequenceNumber), letter.context.condition);
        }
      }
      return letters;
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** All that a queue shows, and goes on showing. */
async function visibleMessages({ sqs }: AwsClients, QueueUrl: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
    );
    if (Messages.length === 0) break;
    messages.push(...Messages);
  }
  for (const { ReceiptHandle } of messages)
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  return messages;
}
