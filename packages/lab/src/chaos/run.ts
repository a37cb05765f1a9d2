import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_APP } from '@tweet-pipes/cli/project-folder';
import type { Clock } from '@tweet-pipes/kit/clock';
import { synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import { Account } from './account.ts';
import { ChaosError } from './chaos-error.ts';
import { crashPointName } from './crash-point.ts';
import { drain } from './drain.ts';
import { Feeder } from './feeder.ts';
import { judgeLake, type LakeVerdict } from './lake.ts';
import { OrderFeeder } from './order-feeder.ts';
import { judgeOrders, type OrderVerdict } from './orders.ts';
import { planRounds, type Round } from './plan.ts';
import { playRound, type RoundContext } from './play-round.ts';
import type { Tally } from './tally.ts';
import { judgeStores, type StoresVerdict } from './verdict.ts';

/** Rounds over which changes of orders are spread if no number of kills is given. */
const usualRounds = 20;

/** A stream of changes whose shards may change: a start of one with a fixed number of shards refuses. */
const reshardable = { 'tweetPipes:salesShards': 'on-demand' };

/** What to run, for how long, and where. */
export interface ChaosOptions {
  /** 0 to 4294967295; decides the sample, the rounds and their faults. */
  seed: number;
  /** An empty folder for all data of the run. */
  folder: string;
  /** No round starts after this time. Draining comes on top. */
  seconds: number;
  /** Maximum number of kills; default: no maximum. */
  kills?: number;
  /** Maximum number of records, without copies; default: no maximum. */
  records?: number;
  /** Changes of orders that are written beside the tweets; default: the sales lake does not run. */
  orderChanges?: number;
  /** Options of the stacks, as for `cdk deploy`. */
  context?: Readonly<Record<string, string>>;
  clock: Clock;
  signal: AbortSignal;
  /** Called before each round and before draining. */
  onProgress(progress: { seconds: number; kills: number; records: number; what: string }): void;
}

/** The result of a run. */
export interface ChaosResult {
  seed: number;
  rounds: number;
  /** Kills, by crash point. */
  kills: Tally;
  /** Rounds that ended with a regular stop. */
  stops: number;
  faults: Tally;
  resharded: Tally;
  /** Of the stream of changes of orders. */
  salesResharded: Tally;
  /** Acknowledged records. */
  records: number;
  /** Calls of the producer that found nothing listening. */
  refusedCalls: number;
  /** Records that were delivered to the workflow before. */
  redeliveries: number;
  /** Messages in dead-letter queues. */
  deadLetters: number;
  verdict: StoresVerdict;
  lake: LakeVerdict;
  /** Undefined without the sales lake. */
  sales: OrderVerdict | undefined;
  /** Defects of the runtime: it exited, hung or left processes behind. */
  defects: string[];
  seconds: number;
}

/** Whether the run found nothing wrong. */
export function isRight({ verdict, lake, sales, defects, deadLetters }: ChaosResult): boolean {
  const { wrong, lost, extra } = verdict;
  return (
    [wrong, lost, extra, lake.differences, sales?.differences ?? [], defects].every(({ length }) => length === 0) &&
    deadLetters === 0
  );
}

/**
 * Plays rounds as the seed says while records flow, then drains the runtime and compares the result. All processes are
 * gone when it resolves or rejects. Rejects with {@link ChaosError} if it is interrupted or cannot drain.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, folder, seconds, clock, signal, onProgress } = options;
  const startMs = clock.now();
  const elapsed = () => (clock.now() - startMs) / 1000;
  const assemblyFolder = join(folder, 'assembly');
  await mkdir(folder, { recursive: true });
  await synthesize({ ...PROJECT_APP, outputFolder: assemblyFolder, context: { ...reshardable, ...options.context } });

  const feeder = new Feeder({ seed, clock });
  const orders =
    options.orderChanges === undefined ? undefined : new OrderFeeder({ seed, changes: options.orderChanges, clock });
  const account = new Account(clock);
  const context: RoundContext = {
    orders,
    orderChanges: Math.ceil((options.orderChanges ?? 0) / (options.kills ?? usualRounds)),
    dataFolder: join(folder, 'data'),
    assemblyFolder,
    compileCache: join(folder, 'compiled'),
    feeder,
    clock,
    onDelivered: (eventIds) => account.delivered(eventIds),
  };
  const progress = (what: string) =>
    onProgress({ seconds: elapsed(), kills: account.kills.total, records: feeder.acknowledged.length, what });
  try {
    for (const planned of planRounds(seed)) {
      if (signal.aborted || elapsed() >= seconds || account.kills.total >= (options.kills ?? Infinity)) break;
      const round = withinRecords(planned, options.records, feeder.released);
      progress(`round ${account.rounds + 1}, crash ${crashPointName(round.crashPoint)}`);
      const result = await playRound(round, context, signal);
      if (signal.aborted) break;
      account.add(round, result);
      if (account.defects.length > 20) throw new ChaosError(`Too many defects:\n${account.defects.join('\n')}`);
    }
    if (signal.aborted) throw new ChaosError('Interrupted; nothing was compared.');
    progress('draining');
    const drained = await drain(context, signal).catch(async (error: unknown) => {
      await account.settled();
      throw error instanceof ChaosError ? new ChaosError([error.message, ...account.defects].join('\n'), error) : error;
    });
    account.expectGone(drained.left, account.rounds + 1);
    await account.settled();
    const { rounds, kills, stops, faults, resharded, salesResharded, redeliveries, defects } = account;
    const { acknowledged, sent, refusedCalls } = feeder;
    return {
      ...{ seed, rounds, kills, stops, faults, resharded, salesResharded },
      ...{ records: acknowledged.length, refusedCalls, redeliveries, deadLetters: drained.deadLetters },
      verdict: judgeStores({ acknowledged, sent, ...drained }),
      lake: judgeLake(drained.found, drained.lake, sent.values()),
      sales: drained.sales && orders && judgeOrders(drained.sales, orders.changes),
      defects,
      seconds: elapsed(),
    };
  } finally {
    feeder.abandon();
    orders?.abandon();
    await Promise.allSettled([feeder.done, orders?.done, account.settled()]);
  }
}

function withinRecords(round: Round, most: number | undefined, released: number): Round {
  return most === undefined ? round : { ...round, records: Math.max(0, Math.min(round.records, most - released)) };
}
