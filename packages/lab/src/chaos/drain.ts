import { GetQueueAttributesCommand, paginateListQueues } from '@aws-sdk/client-sqs';
import { untilIdle } from '@tweet-pipes/cli/runtime/until-idle';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { readSalesOutputs } from '@tweet-pipes/cli/stack/sales-outputs';
import { ObjectReader } from '@tweet-pipes/cli/verification/read-objects';
import { readWholeStores } from '@tweet-pipes/cli/verification/read-stores';
import type { Stores } from '@tweet-pipes/cli/verification/stores';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Pending } from '@tweet-pipes/local-aws';
import * as z from 'zod';
import { ChaosError } from './chaos-error.ts';
import { type LakeContent, readLake } from './lake.ts';
import { type OrderContent, readOrders } from './orders.ts';
import { type RoundContext, stacksOf } from './play-round.ts';
import { processesOf } from './processes.ts';
import { readStream, type StoredRecord } from './read-stream.ts';
import { RuntimeProcess } from './runtime-process.ts';

/** How long the last records may stay unacknowledged. */
const unacknowledgedMs = 300_000;
/** Maximum duration of a stop. */
const stopMs = 90_000;

const idleAnswer = z.object({ pending: z.array(z.object({ what: z.string(), detail: z.string() })) });

/** The state after all records were processed. */
export interface Drained {
  stored: StoredRecord[];
  found: Stores;
  lake: LakeContent;
  /** Undefined without the sales lake. */
  sales: OrderContent | undefined;
  /** Dead letters: batches that were given up. */
  deadLetters: number;
  /** Processes of the data folder after the runtime stopped. */
  left: number[];
}

/**
 * The last round, without faults or crash: feeds the rest, waits until nothing is pending, reads everything and stops
 * the runtime. Throws {@link ChaosError} if the runtime does not start, become idle or stop, and what feeding throws.
 */
export async function drain(context: RoundContext, signal: AbortSignal): Promise<Drained> {
  const { dataFolder, assemblyFolder, feeder, orders, clock } = context;
  const crashPoint = { how: 'stop', afterReadyMs: 0 } as const;
  const stacks = stacksOf(context);
  const process = new RuntimeProcess({ dataFolder, assemblyFolder, stacks, crashPoint, faults: '' }, context);
  const interrupt = () => process.kill();
  signal.addEventListener('abort', interrupt);
  const over = new AbortController();
  const ended = process.ended.finally(() => over.abort());
  let clients: AwsClients | undefined;
  try {
    if (signal.aborted) interrupt();
    const ready = await process.ready;
    if (ready === undefined) throw new ChaosError(`The runtime did not restart: ${(await ended).lastOutput}`);
    clients = createClients({ endpoint: ready.endpoint });
    const outputs = await readStackOutputs(clients, ready.stackName);
    feeder.use({ client: clients.kinesis, streamName: outputs.TweetStreamName });
    feeder.finish();
    if (orders !== undefined) {
      const { OrderTableName: tableName } = await readSalesOutputs(clients, 'SalesLake');
      orders.use({ client: clients.dynamodb, tableName });
      orders.finish();
    }
    const stuck = clock.sleep(unacknowledgedMs, over.signal).then(() => 'stuck' as const);
    if ((await Promise.race([Promise.all([feeder.done, orders?.done]), stuck])) === 'stuck' && !over.signal.aborted) {
      throw new ChaosError(`The last records were not acknowledged within ${unacknowledgedMs / 1000} s.`);
    }
    const { endpoint } = ready;
    await untilIdle(() => readPending(endpoint), { clock, signal: over.signal }).catch((error: unknown) => {
      throw error instanceof CliError ? new ChaosError(error.message, error) : error;
    });
    if (over.signal.aborted) throw new ChaosError(`The runtime exited during the drain: ${(await ended).lastOutput}`);
    const objects = new ObjectReader(clients, outputs.ArchiveBucketName);
    const [stored, found, deadLetters, lake, sales] = await Promise.all([
      readStream(clients, outputs.TweetStreamName),
      readWholeStores({ clients, outputs, clock, objects }),
      countDeadLetters(clients),
      readLake(clients, clock, over.signal),
      orders && readOrders(clients, clock, over.signal),
    ]);
    process.stop();
    // A runtime that hangs is killed, which fails the check of its exit code.
    void clock.sleep(stopMs, over.signal).then(() => process.kill());
    const { exitCode, lastOutput } = await ended;
    if (exitCode !== 0) throw new ChaosError(`The runtime did not stop regularly: ${lastOutput}`);
    return { stored, found, lake, sales, deadLetters, left: await processesOf(dataFolder) };
  } finally {
    signal.removeEventListener('abort', interrupt);
    clients?.destroy();
    process.kill();
    await ended;
  }
}

/** What is pending; undefined when the runtime does not answer. */
async function readPending(endpoint: string): Promise<Pending[] | undefined> {
  const answer = await fetch(`${endpoint}/_idle`).catch(() => undefined);
  return answer === undefined ? undefined : idleAnswer.parse(await answer.json()).pending;
}

async function countDeadLetters({ sqs }: AwsClients): Promise<number> {
  let messages = 0;
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, {})) {
    for (const QueueUrl of QueueUrls) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      messages += Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    }
  }
  return messages;
}
