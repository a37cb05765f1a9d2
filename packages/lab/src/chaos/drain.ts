import { GetQueueAttributesCommand, paginateListQueues } from '@aws-sdk/client-sqs';
import { CliError } from '@tweet-pipes/cli/cli-error';
import { untilIdle } from '@tweet-pipes/cli/runtime/until-idle';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { ObjectReader } from '@tweet-pipes/cli/verification/read-objects';
import { readWholeStores } from '@tweet-pipes/cli/verification/read-stores';
import type { Stores } from '@tweet-pipes/cli/verification/stores';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import type { Pending } from '@tweet-pipes/local-aws';
import * as z from 'zod';
import { ChaosError } from './chaos-error.ts';
import type { Surroundings } from './live.ts';
import { processesOf } from './processes.ts';
import { readStream, type StoredRecord } from './read-stream.ts';
import { RuntimeProcess } from './runtime-process.ts';

/** How long the last records may stay unacknowledged. */
const unacknowledgedMs = 300_000;
/** How long a stop may take. */
const stopMs = 90_000;

const idleAnswer = z.object({ pending: z.array(z.object({ what: z.string(), detail: z.string() })) });

/** What is there when everything has had its effect. */
export interface Drained {
  stored: StoredRecord[];
  found: Stores;
  /** Pointers in the dead-letter queues: batches that were given up. */
  deadLetters: number;
  /** Processes of the data folder when the runtime had stopped. */
  left: number[];
}

/**
 * The last life: no faults and no end. Feeds what is left, waits until all is at rest, reads everything and stops the
 * runtime. Throws {@link ChaosError} when the runtime does not come up or things do not come to rest, and what feeding
 * throws.
 */
export async function drain(surroundings: Surroundings, signal: AbortSignal): Promise<Drained> {
  const { dataFolder, assemblyFolder, feeder, clock } = surroundings;
  const end = { how: 'stop', afterReadyMs: 0 } as const;
  const process = new RuntimeProcess({ dataFolder, assemblyFolder, end, faults: '' }, surroundings);
  const interrupt = () => process.kill();
  signal.addEventListener('abort', interrupt);
  const over = new AbortController();
  const ended = process.ended.finally(() => over.abort());
  let clients: AwsClients | undefined;
  try {
    if (signal.aborted) interrupt();
    const ready = await process.ready;
    if (ready === undefined) throw new ChaosError(`The runtime did not start again: ${(await ended).lastWords}`);
    clients = createClients({ endpoint: ready.endpoint });
    const outputs = await readStackOutputs(clients, ready.stackName);
    feeder.use({ client: clients.kinesis, streamName: outputs.TweetStreamName });
    feeder.finish();
    const stuck = clock.sleep(unacknowledgedMs, over.signal).then(() => 'stuck' as const);
    if ((await Promise.race([feeder.done, stuck])) === 'stuck' && !over.signal.aborted) {
      throw new ChaosError(`The last records were not acknowledged within ${unacknowledgedMs / 1000} s.`);
    }
    const { endpoint } = ready;
    await untilIdle(() => readPending(endpoint), { clock, signal: over.signal }).catch((error: unknown) => {
      throw error instanceof CliError ? new ChaosError(error.message, error) : error;
    });
    if (over.signal.aborted) throw new ChaosError(`The runtime ended while it drained: ${(await ended).lastWords}`);
    const objects = new ObjectReader(clients, outputs.ArchiveBucketName);
    const [stored, found, deadLetters] = await Promise.all([
      readStream(clients, outputs.TweetStreamName),
      readWholeStores({ clients, outputs, clock, objects }),
      countDeadLetters(clients),
    ]);
    process.stop();
    // What does not stop is killed, and then it did not stop in good order.
    void clock.sleep(stopMs, over.signal).then(() => process.kill());
    const { exitCode, lastWords } = await ended;
    if (exitCode !== 0) throw new ChaosError(`The runtime did not stop in good order: ${lastWords}`);
    return { stored, found, deadLetters, left: await processesOf(dataFolder) };
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
