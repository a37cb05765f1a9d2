import { type Scenario, scenario } from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';

/** The outcome of one case. */
export interface HotRow {
  readonly shards: number;
  readonly tweetsPerShardSecond: number;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly slices: number;
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
  { shards: 100, tweetsPerShardSecond: 300 },
  { shards: 100, tweetsPerShardSecond: 300, windowSeconds: 5 },
  { shards: 200, tweetsPerShardSecond: 50 },
  { shards: 200, tweetsPerShardSecond: 50, windowSeconds: 10 },
  { shards: 1_000, tweetsPerShardSecond: 10 },
  { shards: 1_000, tweetsPerShardSecond: 10, windowSeconds: 10 },
  { shards: 1_000, tweetsPerShardSecond: 10, windowSeconds: 60, seconds: 600 },
  { shards: 1_000, tweetsPerShardSecond: 10, slices: 10 },
  { shards: 1_000, tweetsPerShardSecond: 100, windowSeconds: 5 },
  { shards: 1_000, tweetsPerShardSecond: 100, windowSeconds: 5, slices: 10 },
];

/** Hot hashtag: one hashtag in every tweet: the behaviour of its counter, which is one item in one partition. */
export function hotHashtag(base: Partial<Scenario>): HotRow[] {
  return cases.map((each) => {
    const given = scenario({ ...base, ...each, hotShare: 1 });
    const { shards, tweetsPerShardSecond, batchSize, windowSeconds, slices, closedMarks, seconds } = given;
    const outcome = simulate(given);
    const { hot, executions, failedExecutions, deadLettered, donePerSecond, utilisation } = outcome;
    const batchesPerSecond = Math.max(tweetsPerShardSecond / batchSize, 1 / (windowSeconds + 1 / tweetsPerShardSecond));
    return {
      shards,
      tweetsPerShardSecond,
      batchSize,
      windowSeconds,
      slices,
      closedMarks,
      itemBytes: hot.itemBytes,
      unitsPerUpdate: hot.unitsPerUpdate,
      neededUnitsPerSecond: (shards * batchesPerSecond * hot.unitsPerUpdate) / slices,
      servedUnitsPerSecond: hot.unitsServed / seconds / slices,
      throttlesPerSecond: hot.throttles / seconds,
      failedShare: failedExecutions / executions,
      deadLettered,
      arrivedPerSecond: shards * tweetsPerShardSecond,
      donePerSecond,
      utilisation,
      ageP50Ms: outcome.ageP50Ms,
      ageP99Ms: outcome.ageP99Ms,
      verdict: failedExecutions > 0.02 * executions ? 'collapses' : outcome.keepsUp ? 'converges' : 'falls behind',
    };
  });
}
