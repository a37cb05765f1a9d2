import type { Random } from '@tweet-pipes/kit/random';
import { drawMs } from '@tweet-pipes/local-aws/pace/lognormal';
import type { DistinctHashtags } from './hashtags.ts';
import { untilAllDone } from './lanes.ts';
import type { Scenario } from './scenario.ts';

/** Of `statemachines/ingest/ingest.asl.yaml`. */
const KEYS_PER_LOOK_UP = 100;
const TWEETS_PER_INSERT = 25;
const STORE_LANES = 10;
const COUNT_LANES = 40;
const STATES_BEFORE = 2; // ExtractTweets, AnyTweets
const STATES_PER_INSERT = 2;
/** Updates of the shard's high-water mark in a batch. */
export const MARK_UPDATES = 1;
const STATES_AFTER_MARK = 1;
const STATES_AFTER = 4; // AnyDeleteNotices, AnyQuarantine, AnyRemovals, BatchDone
const PAYLOAD_BYTES = 262_144;

/** Retries of AddCount: IntervalSeconds 1, BackoffRate 2, MaxDelaySeconds 20, JitterStrategy FULL. */
export const MOST_COUNT_RETRIES = 6;
const MOST_DELAY_SECONDS = 20;

/** Whether Step Functions accepts an input of this many tweets. */
export function fits(tweets: number, { inputBytesPerTweet }: Scenario): boolean {
  return tweets * inputBytesPerTweet <= PAYLOAD_BYTES;
}

/** Milliseconds that a throttled AddCount waits before its `retry`-th retry, 1 to 6. */
export function countRetryDelayMs(retry: number, random: Random): number {
  return random.next() * 1000 * Math.min(MOST_DELAY_SECONDS, 2 ** (retry - 1));
}

/** The timing of an execution without the hot hashtag; milliseconds from its start. */
export interface Plan {
  /** False if the input is too large, so that StartSyncExecution refuses it. */
  readonly fits: boolean;
  /** When the hot hashtag's first UpdateItem reaches DynamoDB. */
  readonly hotUpdateMs: number;
  /** When all other hashtags are counted. */
  readonly countedMs: number;
  /** From there to the end of the execution. */
  readonly restMs: number;
  readonly updates: number;
}

/** Draws the times of executions, call by call in the workflow's order. */
export class Workflow {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #hashtags: DistinctHashtags;

  constructor(scenario: Scenario, random: Random, hashtags: DistinctHashtags) {
    this.#scenario = scenario;
    this.#random = random;
    this.#hashtags = hashtags;
  }

  /**
   * Plans an execution. In a redelivery the tweets are stored and the cold hashtags counted, so that each update fails
   * and is followed by a read.
   */
  plan(tweets: number, isRedelivery: boolean): Plan {
    const { extractMsPerTweet, table } = this.#scenario;
    const startMs = drawMs(table.overheads.startSyncExecution, this.#random);
    if (!fits(tweets, this.#scenario)) {
      return { fits: false, hotUpdateMs: 0, countedMs: startMs, restMs: 0, updates: 0 };
    }
    let ms = startMs + this.#states(STATES_BEFORE) + extractMsPerTweet * tweets;
    const lookUps = Math.ceil(tweets / KEYS_PER_LOOK_UP);
    ms +=
      this.#states(1) + untilAllDone(lookUps, STORE_LANES, () => this.#task('dynamodb.BatchGetItem') + this.#states(2));
    const chunks = Math.ceil(tweets / TWEETS_PER_INSERT);
    const chunk = () => this.#task('dynamodb.BatchExecuteStatement') + this.#states(STATES_PER_INSERT);
    // AnyAccepted and the Map itself
    ms += this.#states(2) + untilAllDone(chunks, STORE_LANES, chunk) + this.#states(STATES_AFTER_MARK);
    for (let update = 0; update < MARK_UPDATES; update += 1) ms += this.#task('dynamodb.UpdateItem');
    ms += this.#states(1);
    const cold = this.#hashtags.in(tweets);
    const count = () =>
      this.#task('dynamodb.UpdateItem') + (isRedelivery ? this.#task('dynamodb.GetItem') + this.#states(2) : 0);
    return {
      fits: true,
      hotUpdateMs: ms + this.#states(1) + drawMs(table.overheads.task, this.#random),
      countedMs: ms + untilAllDone(cold, COUNT_LANES, count),
      restMs: this.#states(STATES_AFTER),
      updates: cold,
    };
  }

  /** Duration of an update of the hot counter, from request to answer. */
  hotCallMs(): number {
    return this.#call('dynamodb.UpdateItem');
  }

  #task(operation: string): number {
    return this.#states(1) + drawMs(this.#scenario.table.overheads.task, this.#random) + this.#call(operation);
  }

  #call(operation: string): number {
    const latency = this.#scenario.table.calls[operation];
    return latency === undefined ? 0 : drawMs(latency, this.#random);
  }

  #states(count: number): number {
    let ms = 0;
    for (let state = 0; state < count; state += 1) ms += drawMs(this.#scenario.table.overheads.state, this.#random);
    return ms;
  }
}
