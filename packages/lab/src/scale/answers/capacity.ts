import { type Scenario, scenario } from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';

/** Tweets a second that one shard is worked through at most: of a backlog that does not end. */
export function shardCapacity(given: Partial<Scenario>): number {
  const options = { ...given, seconds: 40, backlogPerShard: 100_000, shards: 1, tweetsPerShardSecond: 0 };
  return simulate(scenario(options)).donePerSecond;
}
