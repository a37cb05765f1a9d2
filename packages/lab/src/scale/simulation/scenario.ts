import { type PaceTable, paceTable } from '@tweet-pipes/local-aws/pace/pace-table';

/**
 * How the workflow makes sure that it is not overtaken by its own redelivery (docs/adr/0011): what that adds to a batch
 * whose tweets are all new. States are those that make no call.
 */
export interface Scheme {
  readonly statesBefore: number;
  readonly statesPerChunk: number;
  /** After the inserts of each chunk of up to 25 tweets. */
  readonly readPerChunk: string | undefined;
  /** UpdateItem calls of an item that the shard has for itself. */
  readonly updatesPerBatch: number;
  readonly statesPerBatch: number;
}

export const schemes = {
  /** A second look at `deletions` after each chunk's inserts. */
  'second-look': {
    statesBefore: 3,
    statesPerChunk: 5,
    readPerChunk: 'dynamodb.BatchGetItem',
    updatesPerBatch: 0,
    statesPerBatch: 0,
  },
  /** One update of the shard's mark for each batch, whose answer says that nothing was overtaken. */
  'raised-mark': { statesBefore: 2, statesPerChunk: 2, readPerChunk: undefined, updatesPerBatch: 1, statesPerBatch: 1 },
} as const satisfies Record<string, Scheme>;

/** The scheme of a workflow, by its states. */
export function schemeOf(definition: string): keyof typeof schemes {
  return /^ {2}AdvanceHighWaterMark:$/m.test(definition) ? 'raised-mark' : 'second-look';
}

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
  readonly scheme: Scheme;
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
  scheme: schemes['raised-mark'],
  maximumRetryAttempts: 10,
};

/** The defaults with these figures changed. */
export function scenario(changes: Partial<Scenario> = {}): Scenario {
  return { ...defaults, table: paceTable(), ...changes };
}
