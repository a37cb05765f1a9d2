import {
  COMPACT_BYTES,
  fullShardRate,
  RAW_BYTES,
  type Scenario,
  scenario,
  TEMPLATE_BYTES,
} from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';
import { largestAccepted } from '../simulation/workflow.ts';
import { shardCapacity } from './capacity.ts';

/** Sizes of records: compact and raw tweets, and others between and beyond. */
const recordSizes = [COMPACT_BYTES, 680, 1_024, 2_048, RAW_BYTES, 4_096, 6_144, 10_240];
/** Standard deviation of sizes in the second capacity, as a share of the average. */
const SPREAD = 0.25;
/** Share of the largest batch that fits, so that records which are a little larger still do. */
const MARGIN = 0.95;

interface Capacity {
  readonly same: number;
  readonly spread: number;
}

/** How a shard that is full of records of one size is processed. */
export interface FullShardRow {
  readonly recordBytes: number;
  /** Records a second that fill the shard: 1,000, or 1 MB. */
  readonly recordsPerSecond: number;
  /** Records of an execution, after halving. */
  readonly recordsPerExecution: number;
  readonly refusedShare: number;
  readonly keepsUp: boolean;
  readonly utilisation: number;
  readonly ageP99Ms: number;
  /** Records a second at most, if all are of one size, and if sizes have a standard deviation of a quarter. */
  readonly capacity: Capacity;
  /** The largest batch size that fits with a margin of 5 %, and its capacity. */
  readonly fitting: { readonly batchSize: number; readonly capacity: Capacity };
}

/** Full shard: does a shard that takes in all it can keep up, by the size of its records? */
export function fullShard(base: Partial<Scenario>, sizes: readonly number[] = recordSizes): FullShardRow[] {
  return sizes.map((recordBytes) => {
    const inputBytesPerTweet = recordBytes + TEMPLATE_BYTES;
    const { table } = scenario(base);
    const recordsPerSecond = fullShardRate(recordBytes, table);
    const given = scenario({
      seconds: 120,
      ...base,
      inputBytesPerTweet,
      shards: 1,
      tweetsPerShardSecond: recordsPerSecond,
    });
    const { keepsUp, utilisation, ageP99Ms, refusedExecutions, executions } = simulate(given);
    const batchSize = Math.floor((MARGIN * 262_144) / inputBytesPerTweet);
    return {
      recordBytes,
      recordsPerSecond,
      recordsPerExecution: largestAccepted(given),
      refusedShare: refusedExecutions / executions,
      ...{ keepsUp, utilisation, ageP99Ms },
      capacity: capacityOf(given, recordBytes),
      fitting: { batchSize, capacity: capacityOf({ ...given, batchSize }, recordBytes) },
    };
  });
}

function capacityOf(given: Scenario, recordBytes: number): Capacity {
  return {
    same: shardCapacity(given),
    spread: shardCapacity({ ...given, inputBytesDeviation: SPREAD * recordBytes }),
  };
}
