import { type Scenario, scenario } from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';
import { batchPrice } from './batch-price.ts';

/** The outcome of one case. */
export interface HotRow {
  readonly shards: number;
  readonly tweetsPerShardSecond: number;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly counterItems: number;
  readonly closedMarks: number;
  readonly itemBytes: number;
  readonly unitsPerUpdate: number;
  /** Write units a second that all batches would need without waiting. */
  readonly neededUnitsPerSecond: number;
  readonly servedUnitsPerSecond: number;
  readonly throttlesPerSecond: number;
  readonly failedShare: number;
  readonly deadLettered: number;
  readonly arrivedPerSecond: number;
  readonly donePerSecond: number;
  readonly utilisation: number;
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  /** USD for a million tweets, as {@link batchPrice} has them. */
  readonly dollarsPerMillion: number;
  /** `collapses`: executions fail because of throttling, and bisected batches need more units. */
  readonly verdict: 'converges' | 'falls behind' | 'collapses';
}

type Case = Partial<Scenario> & Pick<Scenario, 'shards' | 'tweetsPerShardSecond'>;

const cases: readonly Case[] = [
  { shards: 10, tweetsPerShardSecond: 300 },
  { shards: 16, tweetsPerShardSecond: 625 },
  { shards: 32, tweetsPerShardSecond: 312 },
  { shards: 100, tweetsPerShardSecond: 100 },
  { shards: 100, tweetsPerShardSecond: 100, closedMarks: 100 },
  { shards: 100, tweetsPerShardSecond: 300, seconds: 30 },
  { shards: 100, tweetsPerShardSecond: 300, windowSeconds: 5, seconds: 30 },
  { shards: 200, tweetsPerShardSecond: 50 },
  { shards: 200, tweetsPerShardSecond: 50, windowSeconds: 10 },
  { shards: 200, tweetsPerShardSecond: 50, counterItems: 2 },
  { shards: 1_000, tweetsPerShardSecond: 10 },
  { shards: 1_000, tweetsPerShardSecond: 10, windowSeconds: 10 },
  { shards: 1_000, tweetsPerShardSecond: 10, windowSeconds: 60, seconds: 600 },
  { shards: 1_000, tweetsPerShardSecond: 10, counterItems: 10 },
  { shards: 1_000, tweetsPerShardSecond: 10, counterItems: 67 },
  { shards: 1_000, tweetsPerShardSecond: 100, windowSeconds: 5, seconds: 30, counterItems: 10 },
];

/** Hot hashtag: one hashtag in every tweet: the behaviour of its counter's items, each in a partition. */
export function hotHashtag(base: Partial<Scenario>): HotRow[] {
  return cases.map((each) => {
    const given = scenario({ ...base, ...each, hotShare: 1 });
    const { shards, tweetsPerShardSecond, batchSize, windowSeconds, counterItems, closedMarks, seconds } = given;
    const outcome = simulate(given);
    const { hot, executions, failedExecutions, deadLettered, donePerSecond, utilisation } = outcome;
    const batchesPerSecond = Math.max(tweetsPerShardSecond / batchSize, 1 / (windowSeconds + 1 / tweetsPerShardSecond));
    return {
      shards,
      tweetsPerShardSecond,
      batchSize,
      windowSeconds,
      counterItems,
      closedMarks,
      itemBytes: hot.itemBytes,
      unitsPerUpdate: hot.unitsPerUpdate,
      neededUnitsPerSecond: (shards * batchesPerSecond * hot.unitsPerUpdate) / counterItems,
      servedUnitsPerSecond: hot.unitsServed / seconds / counterItems,
      throttlesPerSecond: hot.throttles / seconds,
      failedShare: failedExecutions / executions,
      deadLettered,
      arrivedPerSecond: shards * tweetsPerShardSecond,
      donePerSecond,
      utilisation,
      ageP50Ms: outcome.ageP50Ms,
      ageP99Ms: outcome.ageP99Ms,
      dollarsPerMillion: batchPrice(outcome, given),
      verdict: failedExecutions > 0.02 * executions ? 'collapses' : outcome.keepsUp ? 'converges' : 'falls behind',
    };
  });
}
