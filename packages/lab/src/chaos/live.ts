import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { bringAbout } from './bring-about.ts';
import type { Feeder } from './feeder.ts';
import type { Life } from './plan.ts';
import { processesOf } from './processes.ts';
import { type Endpoint, reshard } from './reshard.ts';
import { type Death, RuntimeProcess } from './runtime-process.ts';

/** Where the runtime lives, and who feeds it. */
export interface Surroundings {
  dataFolder: string;
  assemblyFolder: string;
  /** Where Node keeps what it compiled, so that starts are quick. */
  compileCache: string;
  feeder: Feeder;
  clock: Clock;
  onDelivered(eventIds: readonly string[]): void;
}

/** What became of one life. */
export interface Lived {
  death: Death;
  /** It served at some time. */
  wasReady: boolean;
  /** It ended at the planned moment, and not because its time was over before that came. */
  wasPlanned: boolean;
  /** It did not come up, or did not stop when asked, within a long time. */
  hung?: 'start' | 'stop';
  /** Injected faults, by kind. */
  faults: Readonly<Record<string, number>>;
  reshard?: 'split' | 'merge';
  /** Processes of the data folder at the moment of death; they must be gone a little later. */
  left: number[];
}

/**
 * Starts the runtime, feeds it, and ends it as planned, or at once when `signal` aborts. Resolves when its process is
 * gone.
 */
export async function live(life: Life, surroundings: Surroundings, signal: AbortSignal): Promise<Lived> {
  const { dataFolder, assemblyFolder, feeder, clock } = surroundings;
  const process = new RuntimeProcess({ dataFolder, assemblyFolder, ...life }, surroundings);
  const over = new AbortController();
  const ended = process.ended.then((death) => {
    feeder.use(undefined);
    over.abort();
    return death;
  });
  const interrupt = () => process.kill();
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();

  const ending = bringAbout(life.end, { process, dataFolder, clock, over: over.signal });
  feeder.release(life.records);
  const ready = await process.ready;
  const endpoint = ready && !over.signal.aborted ? await endpointOf(ready) : undefined;
  if (endpoint && !over.signal.aborted) feeder.use({ ...endpoint, client: endpoint.clients.kinesis });
  const changing = endpoint && life.reshard ? changeShards(endpoint, life.reshard, clock, over.signal) : undefined;

  const death = await ended;
  signal.removeEventListener('abort', interrupt);
  const left = await processesOf(dataFolder);
  const [hung, changed] = await Promise.all([ending, changing]);
  endpoint?.clients.destroy();
  return {
    death,
    wasReady: ready !== undefined,
    wasPlanned: death.asPlanned || (life.end.how !== 'kill-call' && life.end.how !== 'kill-file'),
    faults: process.faults,
    left,
    ...(hung === undefined ? {} : { hung }),
    ...(changed === undefined ? {} : { reshard: changed }),
  };
}

/** Undefined when the runtime ends meanwhile. */
export async function endpointOf(ready: { endpoint: string; stackName: string }): Promise<Endpoint | undefined> {
  const clients = createClients({ endpoint: ready.endpoint, maxAttempts: 1 });
  try {
    const { TweetStreamName: streamName } = await readStackOutputs(clients, ready.stackName);
    return { clients, streamName };
  } catch {
    clients.destroy();
    return undefined;
  }
}

async function changeShards(
  endpoint: Endpoint,
  change: NonNullable<Life['reshard']>,
  clock: Clock,
  over: AbortSignal,
): Promise<'split' | 'merge' | undefined> {
  await clock.sleep(change.afterReadyMs, over);
  if (over.aborted) return undefined;
  // A change that dies with the runtime, or meets a fault, is what this is about and not an error.
  return reshard(endpoint, change).catch(() => undefined);
}
