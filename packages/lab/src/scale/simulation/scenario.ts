import { type PaceTable, paceTable } from '@tweet-pipes/local-aws/pace/pace-table';

/** What is simulated. Everything comes from these figures and the seed. */
export interface Scenario {
  /** Decides arrivals, latencies and jitter; an integer from 0 to 4294967295. */
  readonly seed: number;
  /** Virtual seconds. */
  readonly seconds: number;
  readonly shards: number;
  /** Tweets a second that reach one shard, on average; they come as a Poisson process. */
  readonly tweetsPerShardSecond: number;
  /** Records that wait in each shard at the beginning. */
  readonly backlogPerShard: number;
  /** `ingestBatchSize` and `ingestBatchWindowSeconds`. */
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Bytes of one record in the workflow's input, template included. */
  readonly inputBytesPerTweet: number;
  /** On average, drawn from the frequencies of `zipfExponent` over `differentHashtags`. */
  readonly hashtagsPerTweet: number;
  readonly differentHashtags: number;
  readonly zipfExponent: number;
  /** Share of the tweets that also have the one hot hashtag, 0-1. */
  readonly hotShare: number;
  /** Items that the hot hashtag's counter is spread over; 1 is what there is. */
  readonly slices: number;
  /** Watermarks of shards that were closed, on the hot counter from the beginning. */
  readonly closedWatermarks: number;
  /**
   * Milliseconds that Step Functions needs to extract one tweet; 0.25 is what JSONata takes here (docs/performance.md),
   * for AWS it is a guess.
   */
  readonly extractMsPerTweet: number;
  /** `maximumRetryAttempts`. */
  readonly maximumRetryAttempts: number;
  readonly table: PaceTable;
}

/** A compact tweet of 380 bytes (docs/performance.md) and the 130 bytes that the template puts around it. */
export const COMPACT_INPUT_BYTES = 510;
/** A raw tweet of 3 KB, as X's filtered stream sends it with entities and author: recalled. */
export const RAW_INPUT_BYTES = 3_200;

export const defaults: Omit<Scenario, 'table'> = {
  seed: 1,
  seconds: 60,
  shards: 1,
  tweetsPerShardSecond: 1_000,
  backlogPerShard: 0,
  batchSize: 100,
  windowSeconds: 1,
  inputBytesPerTweet: COMPACT_INPUT_BYTES,
  hashtagsPerTweet: 1,
  differentHashtags: 10_000,
  zipfExponent: 1,
  hotShare: 0,
  slices: 1,
  closedWatermarks: 0,
  extractMsPerTweet: 0.25,
  maximumRetryAttempts: 10,
};

/** The defaults with these figures changed. */
export function scenario(changes: Partial<Scenario> = {}): Scenario {
  return { ...defaults, table: paceTable(), ...changes };
}
