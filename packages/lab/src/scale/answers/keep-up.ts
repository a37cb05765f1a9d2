import type { PaceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { type Scenario, scenario } from '../simulation/scenario.ts';
import { type Outcome, simulate } from '../simulation/simulate.ts';
import { batchPrice } from './batch-price.ts';
import { shardCapacity } from './capacity.ts';

const batchSizes = [10, 50, 100, 200, 320, 400, 500, 1_000];
const windows = [0, 1, 5, 10];
const rates = [10, 50, 100, 200, 300, 400, 600, 800];

/** The outcome for one rate, batch size and window. */
export interface KeepUpCell {
  readonly tweetsPerSecond: number;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly keepsUp: boolean;
  readonly utilisation: number;
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  readonly dollarsPerMillion: number;
}

/**
 * Capacity of one shard at one batch size, tweets a second: as assumed; with Step Functions twice and half as fast,
 * JSONata included; and if the JSONata of a Map's iterations is evaluated one after another.
 */
export interface CapacityRow {
  readonly batchSize: number;
  readonly executionP50Ms: number;
  readonly asAssumed: number;
  readonly twiceAsFast: number;
  readonly halfAsFast: number;
  readonly serialJsonata: number;
}

/** The answer to "Which batches keep up". */
export interface KeepUp {
  readonly capacity: readonly CapacityRow[];
  /** One shard at 1,000 tweets a second. */
  readonly grid: readonly KeepUpCell[];
  /**
   * The cheapest cell at each rate that keeps up, is busy for at most 80 % of the time, and counts 99 of 100 tweets
   * within the bound; undefined if none does.
   */
  readonly best: readonly { tweetsPerSecond: number; cell: KeepUpCell | undefined; defaults: KeepUpCell }[];
  readonly ageBoundMs: number;
}

/** Which batches keep up: does one shard keep up, and with which batches? */
export function keepUp(base: Partial<Scenario>, ageBoundMs: number): KeepUp {
  const cell = (tweetsPerSecond: number, batchSize: number, windowSeconds: number): KeepUpCell => {
    const given = scenario({ ...base, shards: 1, tweetsPerShardSecond: tweetsPerSecond, batchSize, windowSeconds });
    return { tweetsPerSecond, batchSize, windowSeconds, ...figures(simulate(given), given) };
  };
  const cells = (rate: number) => batchSizes.flatMap((size) => windows.map((window) => cell(rate, size, window)));
  const { batchSize, windowSeconds } = scenario(base);
  return {
    capacity: batchSizes.map((size) => capacityOf({ ...base, batchSize: size })),
    grid: cells(1_000),
    best: rates.map((rate) => {
      const fitting = cells(rate).filter(
        ({ keepsUp, utilisation, ageP99Ms }) => keepsUp && utilisation <= 0.8 && ageP99Ms <= ageBoundMs,
      );
      const cheapest = fitting.sort((a, b) => a.dollarsPerMillion - b.dollarsPerMillion)[0];
      return { tweetsPerSecond: rate, cell: cheapest, defaults: cell(rate, batchSize, windowSeconds) };
    }),
    ageBoundMs,
  };
}

function capacityOf(base: Partial<Scenario>): CapacityRow {
  const { table, batchSize } = scenario(base);
  const backlog = { shards: 1, tweetsPerShardSecond: 0, backlogPerShard: 20_000, seconds: 20 };
  return {
    batchSize,
    executionP50Ms: simulate(scenario({ ...base, ...backlog })).executionP50Ms,
    asAssumed: shardCapacity(base),
    twiceAsFast: shardCapacity({ ...base, table: withOverheads(table, 0.5), jsonataFactor: 0.5 }),
    halfAsFast: shardCapacity({ ...base, table: withOverheads(table, 2), jsonataFactor: 2 }),
    serialJsonata: shardCapacity({ ...base, isJsonataSerial: true }),
  };
}

function figures(outcome: Outcome, given: Scenario) {
  const { keepsUp, utilisation, ageP50Ms, ageP99Ms } = outcome;
  return { keepsUp, utilisation, ageP50Ms, ageP99Ms, dollarsPerMillion: batchPrice(outcome, given) };
}

/** The table with the overheads of Step Functions, which are the least certain, multiplied. */
function withOverheads(table: PaceTable, factor: number): PaceTable {
  const scaled = ({ p50Ms, p99Ms, source }: PaceTable['overheads']['state']) => ({
    p50Ms: p50Ms * factor,
    p99Ms: p99Ms * factor,
    source,
  });
  const { startSyncExecution, state, task, lambdaInvoke } = table.overheads;
  return {
    ...table,
    overheads: {
      startSyncExecution: scaled(startSyncExecution),
      state: scaled(state),
      task: scaled(task),
      lambdaInvoke,
    },
  };
}
