import type { Fact } from '@tweet-pipes/console/fact';
import type { Status } from '@tweet-pipes/console/status';
import type { Lane, PipelineReading, StageHistory } from '@tweet-pipes/console/views/pipeline/api';
import { factOf } from '../../status/known.ts';
import { StatusReader } from '../../status/status-reader.ts';
import type { ConsoleContext } from '../console-context.ts';
import { deploymentOf, namesOf } from './deployment.ts';
import { type Keeping, Kept } from './kept.ts';
import { type Periods, readHistory } from './stage-history.ts';
import { readLanes } from './topology.ts';

/** What is older than this says little of now, however long the reading took. */
const atMostMs = 5_000;
/** A status is made of a hundred calls, which the runtime answers beside its work, or AWS bills. */
const statusKeeping: Readonly<Record<ConsoleContext['place'], Keeping>> = {
  local: { keptMs: 2_000, timesItsLength: 30, atMostMs },
  aws: { keptMs: 15_000 },
};
/** The history is one call, billed by the metric. */
const historyKeeping: typeof statusKeeping = {
  local: { keptMs: 1_000, timesItsLength: 30, atMostMs },
  aws: { keptMs: 15_000 },
};
/** The local runtime has values by the second for five minutes, CloudWatch by the minute. */
const periods: Readonly<Record<ConsoleContext['place'], Periods>> = {
  local: { seconds: 10, count: 30, isPrompt: true },
  aws: { seconds: 60, count: 15, isPrompt: false },
};
/** How the stages hang together changes with a deployment only. */
const lanesKeeping: Keeping = { keptMs: 300_000 };

/** Reads what the page shows of the pipeline, once for all pages that look. */
export class PipelineReader {
  readonly status: Kept<Status>;
  readonly #lanes: Kept<Lane[]>;
  readonly #history: Kept<Fact<StageHistory>>;

  constructor(context: ConsoleContext) {
    const { clients, statusClients = clients, clock, place, endpoint } = context;
    const reader = new StatusReader({ clients: statusClients, clock, endpoint, stacks: namesOf(context.stacks) });
    this.status = new Kept(clock, statusKeeping[place], () => reader.read());
    this.#lanes = new Kept(clock, lanesKeeping, async () => readLanes(clients, await deploymentOf(context)));
    this.#history = new Kept(clock, historyKeeping[place], async () => {
      const lanes = await this.#lanes.get();
      return factOf(() => readHistory(statusClients, lanes, clock.now(), periods[place]));
    });
  }

  /** Rejects with the SDK's error where stacks, pipes or delivery streams cannot be described. */
  async read(): Promise<PipelineReading> {
    const [status, lanes, history] = await Promise.all([this.status.get(), this.#lanes.get(), this.#history.get()]);
    return { status, lanes, history };
  }
}
