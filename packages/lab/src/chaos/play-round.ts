import { tweetStacks } from '@tweet-pipes/cli/options/stacks';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { readSalesOutputs } from '@tweet-pipes/cli/stack/sales-outputs';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Feeder } from './feeder.ts';
import { type Hung, injectCrash } from './inject-crash.ts';
import type { OrderFeeder } from './order-feeder.ts';
import type { Resharding, Round } from './plan.ts';
import { processesOf } from './processes.ts';
import { type Endpoint, reshard } from './reshard.ts';
import { type ProcessExit, RuntimeProcess } from './runtime-process.ts';

/** What all rounds of a run share. */
export interface RoundContext {
  dataFolder: string;
  assemblyFolder: string;
  /** Node's compile cache, which makes starts faster. */
  compileCache: string;
  feeder: Feeder;
  /** Undefined: without the sales lake. */
  orders: OrderFeeder | undefined;
  /** How many changes of orders go into a round. */
  orderChanges: number;
  clock: Clock;
  /** Called with the event ids of each batch that is delivered to the workflow. */
  onDelivered(eventIds: readonly string[]): void;
}

/** The outcome of a round. */
export interface RoundResult {
  exit: ProcessExit;
  /** It became ready. */
  wasReady: boolean;
  /** It crashed at the planned crash point, and not because its time was over. */
  reachedCrashPoint: boolean;
  /** What it did not do in time. */
  hung?: Hung;
  /** Injected faults, by kind. */
  faults: Readonly<Record<string, number>>;
  reshard?: 'split' | 'merge';
  salesReshard?: 'split' | 'merge';
  /** Processes of the data folder at exit; they must be gone shortly after. */
  left: number[];
}

/** Starts the runtime, feeds it and crashes it as planned, or at once on abort. Resolves when its process is gone. */
export async function playRound(round: Round, context: RoundContext, signal: AbortSignal): Promise<RoundResult> {
  const { dataFolder, assemblyFolder, feeder, orders, clock } = context;
  const stacks = stacksOf(context);
  const process = new RuntimeProcess({ dataFolder, assemblyFolder, stacks, ...round }, context);
  const over = new AbortController();
  const ended = process.ended.then((exit) => {
    // While the endpoint is gone, senders meet refused connections.
    if (round.crashPoint.how !== 'stay-gone') feeder.use(undefined);
    orders?.use(undefined);
    over.abort();
    return exit;
  });
  const interrupt = () => process.kill();
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();

  const crashing = injectCrash(round.crashPoint, { process, dataFolder, clock, over: over.signal });
  // When the endpoint goes, there must be something to send.
  const later = round.crashPoint.how === 'stay-gone' ? Math.ceil(round.records / 2) : 0;
  feeder.release(round.records - later);
  orders?.release(context.orderChanges);
  const ready = await process.ready;
  const endpoint = ready && !over.signal.aborted ? await endpointOf(ready, orders !== undefined) : undefined;
  if (endpoint && !over.signal.aborted) {
    feeder.use({ ...endpoint, client: endpoint.clients.kinesis });
    const { sales } = endpoint;
    if (sales) orders?.use({ client: endpoint.clients.dynamodb, tableName: sales.tableName });
  }
  const changing = changeShards(endpoint, endpoint?.streamName, round.reshard, clock, over.signal);
  const changingSales = changeShards(endpoint, endpoint?.sales?.streamName, round.salesReshard, clock, over.signal);

  const exit = await ended;
  signal.removeEventListener('abort', interrupt);
  const left = await processesOf(dataFolder);
  if (round.crashPoint.how === 'stay-gone') {
    feeder.release(later);
    await clock.sleep(round.crashPoint.goneMs, signal);
    feeder.use(undefined);
  }
  const [hung, changed, salesChanged] = await Promise.all([crashing, changing, changingSales]);
  endpoint?.clients.destroy();
  return {
    exit,
    wasReady: ready !== undefined,
    reachedCrashPoint:
      exit.atCrashPoint || (round.crashPoint.how !== 'kill-call' && round.crashPoint.how !== 'kill-file'),
    faults: process.faults,
    left,
    ...(hung === undefined ? {} : { hung }),
    ...(changed === undefined ? {} : { reshard: changed }),
    ...(salesChanged === undefined ? {} : { salesReshard: salesChanged }),
  };
}

/** The stacks of a run, with the sales lake if orders flow. */
export function stacksOf({ orders }: Pick<RoundContext, 'orders'>): string[] {
  return [...tweetStacks, ...(orders === undefined ? [] : ['SalesLake'])];
}

/** The stack of tweets, and the sales lake if orders flow. */
interface RoundEndpoint extends Endpoint {
  sales: { tableName: string; streamName: string } | undefined;
}

/** Undefined if the runtime exits meanwhile. */
async function endpointOf(
  ready: { endpoint: string; stackName: string },
  hasOrders: boolean,
): Promise<RoundEndpoint | undefined> {
  const clients = createClients({ endpoint: ready.endpoint, maxAttempts: 1 });
  try {
    const { TweetStreamName: streamName } = await readStackOutputs(clients, ready.stackName);
    const outputs = hasOrders ? await readSalesOutputs(clients, 'SalesLake') : undefined;
    const sales = outputs && { tableName: outputs.OrderTableName, streamName: outputs.SalesStreamName };
    return { clients, streamName, sales };
  } catch {
    clients.destroy();
    return undefined;
  }
}

/** Undefined where nothing is planned or there is no such stream, and if the runtime exits meanwhile. */
async function changeShards(
  endpoint: Endpoint | undefined,
  streamName: string | undefined,
  change: Resharding | undefined,
  clock: Clock,
  over: AbortSignal,
): Promise<'split' | 'merge' | undefined> {
  if (endpoint === undefined || streamName === undefined || change === undefined) return undefined;
  await clock.sleep(change.afterReadyMs, over);
  if (over.aborted) return undefined;
  // A split or merge that meets a crash or a fault is intended and not an error.
  return reshard({ clients: endpoint.clients, streamName }, change).catch(() => undefined);
}
