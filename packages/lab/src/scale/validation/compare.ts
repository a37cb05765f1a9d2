import { type Scenario, scenario, TEMPLATE_BYTES } from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';
import { type Drain, measureRuntime, withoutPutLimits } from './measure.ts';

/** Maximum deviation of the model's rate, as a share. */
export const ALLOWED_DEVIATION = 0.25;

/** What model and runtime run. */
export interface Setup {
  readonly shards: number;
  readonly slowMotion: number;
  readonly batchSize: number;
  readonly recordBytes: number;
  /** 1,000 as on AWS, or fewer to make the hot counter the limit. */
  readonly itemWriteUnitsPerSecond: number;
}

/** Model and runtime in comparison. */
export interface Validation extends Setup {
  readonly model: Drain;
  readonly runtime: Drain;
  /** Relative deviation of the model's tweets a second: 0.1 is 10 % faster. */
  readonly rateDeviation: number;
  /** The same for the median duration of executions. */
  readonly executionDeviation: number;
}

/**
 * Drains the same backlog with the model and with the runtime, one hashtag in every tweet. Takes minutes, since the
 * runtime runs in slow motion.
 */
export async function validate(base: Partial<Scenario>, setups: readonly Setup[]): Promise<Validation[]> {
  const results: Validation[] = [];
  for (const { shards, slowMotion, batchSize, recordBytes, itemWriteUnitsPerSecond } of setups) {
    const backlogPerShard = batchSize * Math.ceil(1_500 / Math.min(shards, 2) / batchSize);
    const given = scenario({
      ...base,
      ...{
        ...{ shards, batchSize, backlogPerShard, inputBytesPerTweet: recordBytes + TEMPLATE_BYTES },
        tweetsPerShardSecond: 0,
        hotShare: 1,
        seconds: 60,
        // The model limits only the hot counter, so no other hashtag may be frequent.
        ...(itemWriteUnitsPerSecond < 1_000 && { zipfExponent: 0, differentHashtags: 100_000 }),
        table: withoutPutLimits(itemWriteUnitsPerSecond),
      },
    });
    const model = modelled(given);
    const runtime = await measureRuntime(given, slowMotion);
    results.push({
      ...{ shards, slowMotion, batchSize, recordBytes, itemWriteUnitsPerSecond, model, runtime },
      rateDeviation: model.tweetsPerSecond / runtime.tweetsPerSecond - 1,
      executionDeviation: model.executionP50Ms / runtime.executionP50Ms - 1,
    });
  }
  return results;
}

function modelled(given: Scenario): Drain {
  const outcome = simulate(given);
  return {
    executionP50Ms: outcome.executionP50Ms,
    tweetsPerSecond: (outcome.done / outcome.lastDoneMs) * 1000,
    throttles: outcome.hot.throttles,
  };
}
