import { type PaceTable, paceTable } from '@tweet-pipes/local-aws/pace/pace-table';

/** The parameters of a simulation; with the seed they determine its outcome. */
export interface Scenario {
  /** Decides arrivals, latencies and jitter; an integer from 0 to 4294967295. */
  readonly seed: number;
  /** Virtual seconds. */
  readonly seconds: number;
  readonly shards: number;
  /** Average tweets a second that reach one shard, as a Poisson process. */
  readonly tweetsPerShardSecond: number;
  /** Records that wait in each shard at the start. */
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
  /** Items that the hot hashtag's counter is spread over; 1 in the current design. */
  readonly slices: number;
  /** High-water marks of closed shards on the hot counter at the start. */
  readonly closedMarks: number;
  /**
   * Milliseconds that Step Functions needs to extract one tweet. 0.25 was measured here (docs/performance.md); for AWS
   * it is a guess.
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

/** The stack's defaults, at 1,000 tweets a second on one shard. */
const defaults: Omit<Scenario, 'table'> = {
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
  closedMarks: 0,
  extractMsPerTweet: 0.25,
  maximumRetryAttempts: 10,
};

/** The defaults with these figures changed. */
export function scenario(changes: Partial<Scenario> = {}): Scenario {
  return { ...defaults, table: paceTable(), ...changes };
}
