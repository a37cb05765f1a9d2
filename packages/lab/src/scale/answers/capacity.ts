import { type Scenario, scenario } from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';

/** Maximum tweets a second of one shard, measured with an endless backlog. */
export function shardCapacity(given: Partial<Scenario>): number {
  const options = { ...given, seconds: 40, backlogPerShard: 200_000, shards: 1, tweetsPerShardSecond: 0 };
  return simulate(scenario(options)).donePerSecond;
}
