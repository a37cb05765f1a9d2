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
  /** Bytes of one record in the workflow's input on average, template included, and their standard deviation. */
  readonly inputBytesPerTweet: number;
  readonly inputBytesDeviation: number;
  /** On average, drawn from the frequencies of `zipfExponent` over `differentHashtags`. */
  readonly hashtagsPerTweet: number;
  readonly differentHashtags: number;
  readonly zipfExponent: number;
  /** Share of the tweets that also have the one hot hashtag, 0-1. */
  readonly hotShare: number;
  /** `counterItems`: the items of the hot hashtag's counter, each for its share of the shards. */
  readonly counterItems: number;
  /** High-water marks of closed shards on the hot counter at the start. */
  readonly closedMarks: number;
  /** How much longer Step Functions takes for the workflow's JSONata than this project's machine. A guess: 1. */
  readonly jsonataFactor: number;
  /** Whether the JSONata of a Map's iterations is evaluated one after another, and not in parallel. A guess: false. */
  readonly isJsonataSerial: boolean;
  /** `maximumRetryAttempts`. */
  readonly maximumRetryAttempts: number;
  readonly table: PaceTable;
}

/** Bytes that the input template puts around a record. */
export const TEMPLATE_BYTES = 130;
/** Bytes of a compact tweet (docs/performance.md). */
export const COMPACT_BYTES = 380;
/** Bytes of a raw tweet of 3 KB, as X's filtered stream sends it with entities and author: recalled. */
export const RAW_BYTES = 3_070;
/** Bytes of a partition key, which is the tweet's id. */
const KEY_BYTES = 19;

/** Records of this size that fill a shard, a second. */
export function fullShardRate(recordBytes: number, { limits }: PaceTable): number {
  return Math.floor(
    Math.min(
      limits.shardWriteRecordsPerSecond.value,
      limits.shardWriteBytesPerSecond.value / (recordBytes + KEY_BYTES),
    ),
  );
}

/** The stack's defaults, at 1,000 tweets a second on one shard. */
const defaults: Omit<Scenario, 'table'> = {
  seed: 1,
  seconds: 60,
  shards: 1,
  tweetsPerShardSecond: 1_000,
  backlogPerShard: 0,
  batchSize: 320,
  windowSeconds: 1,
  inputBytesPerTweet: COMPACT_BYTES + TEMPLATE_BYTES,
  inputBytesDeviation: 0,
  hashtagsPerTweet: 1,
  differentHashtags: 10_000,
  zipfExponent: 1,
  hotShare: 0,
  counterItems: 1,
  closedMarks: 0,
  jsonataFactor: 1,
  isJsonataSerial: false,
  maximumRetryAttempts: 10,
};

/** The defaults with these figures changed. */
export function scenario(changes: Partial<Scenario> = {}): Scenario {
  return { ...defaults, table: paceTable(), ...changes };
}
