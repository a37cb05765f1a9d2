import { provisionedShards } from '@tweet-pipes/cli/costs/capacity';
import { cheapestCounterItems } from '@tweet-pipes/cli/costs/counter-units';
import { COMPACT_BYTES, type Scenario, scenario } from '../simulation/scenario.ts';
import { simulate } from '../simulation/simulate.ts';
import { type Limit, limitsBy, NEW_TABLE_UNITS, TABLE_QUOTA_UNITS } from './limits.ts';
import type { MonthPrice, Priced } from './month-price.ts';

/** Tweets a second. */
const rates = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000] as const;

/** A stack that holds a rate of compact tweets, with one hashtag in every one of them. */
export interface RateRow extends MonthPrice {
  readonly tweetsPerSecond: number;
  readonly shards: number;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly counterItems: number;
  /** Undefined where new tables take the rate. */
  readonly warmThroughput: number | undefined;
  /** `usd` with one item of each counter. */
  readonly usdOfOneItem: number;
  readonly keepsUp: boolean;
  /** Share of the time in which a shard's execution runs. */
  readonly utilisation: number;
  /** From the record's arrival in the stream until it is counted. */
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  /** Limits at or below the rate that no option moves: quotas that AWS raises. */
  readonly quotas: readonly Limit[];
  /** The first limit that a higher rate meets with these options. */
  readonly next: Limit | undefined;
}

/** Virtual seconds of a run; a batch takes one or two. */
const SECONDS = 15;
/** A fifth more than the rate. */
const WARM_MARGIN = 1.2;

/**
 * By rate: shards, options, latency, bill and the next limit. Shards are chosen as `cost` does it, with 30 % to spare,
 * and items of a counter so that its updates take one write unit each.
 */
export function byRate(
  base: Partial<Scenario>,
  price: (priced: Priced) => MonthPrice,
  asked: readonly number[] = rates,
): RateRow[] {
  const limitsOf = limitsBy(base, 'compact');
  return asked.map((tweetsPerSecond) => {
    const shards = provisionedShards({ recordsPerSecond: tweetsPerSecond, bytesPerRecord: COMPACT_BYTES });
    const counterItems = cheapestCounterItems(shards);
    const warm = Math.min(TABLE_QUOTA_UNITS, Math.ceil((tweetsPerSecond * WARM_MARGIN) / 1_000) * 1_000);
    const warmThroughput = tweetsPerSecond > NEW_TABLE_UNITS ? warm : undefined;
    const given = scenario({
      seconds: SECONDS,
      ...base,
      ...{ shards, tweetsPerShardSecond: tweetsPerSecond / shards, counterItems, hotShare: 1 },
    });
    const { keepsUp, utilisation, ageP50Ms, ageP99Ms } = simulate(given);
    const deployed = { shards, counterItems, ...(warmThroughput !== undefined && { warmThroughput }) };
    const all = limitsOf(deployed);
    return {
      ...{ tweetsPerSecond, shards, batchSize: given.batchSize, windowSeconds: given.windowSeconds },
      ...{ counterItems, warmThroughput, keepsUp, utilisation, ageP50Ms, ageP99Ms },
      ...price({ tweetsPerSecond, shards, counterItems }),
      usdOfOneItem: price({ tweetsPerSecond, shards, counterItems: 1 }).usd,
      quotas: all.filter((limit) => limit.tweetsPerSecond <= tweetsPerSecond),
      next: all.find((limit) => limit.tweetsPerSecond > tweetsPerSecond),
    };
  });
}
