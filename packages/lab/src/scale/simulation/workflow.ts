import type { Random } from '@tweet-pipes/kit/random';
import { drawMs, standardNormal } from '@tweet-pipes/local-aws/pace/lognormal';
import { untilAllDone } from './lanes.ts';
import type { Scenario } from './scenario.ts';

/** A batch of new tweets, or one that is delivered again. */
interface Batch {
  readonly tweets: number;
  readonly hashtags: number;
  readonly isRedelivery: boolean;
}

/** A state that the batch passes: one that calls nothing, a task, or a Map with the states of its iterations. */
interface Step {
  readonly state: string;
  /**
   * Milliseconds of its JSONata for each tweet, where that grows with the batch. Measured on the machine of
   * docs/performance.md with batches of 320 compact tweets.
   */
  readonly jsonataMs?: number;
  /** The operation that a task calls. */
  readonly call?: string;
  readonly iterations?: Iterations;
}

interface Iterations {
  readonly items: (batch: Batch, iteration: number) => number;
  /** Tweets of an iteration, for its JSONata; without it, none. */
  readonly tweets?: (batch: Batch, iteration: number) => number;
  readonly steps: (batch: Batch) => readonly Step[];
}

/** Iterations for parts of the batch. */
function parts(size: number, steps: readonly Step[]): Iterations {
  return {
    items: ({ tweets }) => Math.ceil(tweets / size),
    tweets: ({ tweets }, part) => Math.min(size, tweets - part * size),
    steps: () => steps,
  };
}

/** Step Functions runs up to 40 iterations of a Map at a time. */
const LANES = 40;
const HASHTAGS_PER_GROUP = 40;
/** AWS: "Amazon EventBridge Pipes batching and concurrency". */
const PAYLOAD_BYTES = 262_144;
/** Updates of the shard's high-water mark in a batch. */
export const MARK_UPDATES = 1;

/** The way of a batch through `statemachines/ingest/ingest.asl.yaml`. A test runs the definition beside it. */
const beforeCounting = ({ isRedelivery }: Pick<Batch, 'isRedelivery'>): readonly Step[] => [
  {
    state: 'ReadBatch',
    jsonataMs: 0.02,
    iterations: parts(40, [
      { state: 'ReadRecords', jsonataMs: 0.075 },
      { state: 'CheckRecords', jsonataMs: 0.067 },
    ]),
  },
  { state: 'AnyRecords' },
  {
    state: 'LookUpTombstones',
    iterations: parts(100, [{ state: 'GetTombstones', jsonataMs: 0.008, call: 'dynamodb.BatchGetItem' }]),
  },
  {
    state: 'StoreTweets',
    jsonataMs: 0.008,
    iterations: parts(25, [
      { state: 'InsertTweets', jsonataMs: 0.04, call: 'dynamodb.BatchExecuteStatement' },
      { state: 'AllStored' },
      { state: 'TweetsStored' },
    ]),
  },
  { state: 'AdvanceHighWaterMark', call: 'dynamodb.UpdateItem' },
  ...(isRedelivery ? [{ state: 'ReadCounterItem', call: 'dynamodb.GetItem' }] : []),
  { state: 'HighWaterMarksAdvanced' },
  ...(isRedelivery ? [{ state: 'FindResurrectedTweets' }] : []),
];

/** In a redelivery the counter's condition fails, and a read tells that the batch is counted. */
const addCount = { state: 'AddCount', call: 'dynamodb.UpdateItem' } as const;
const countingAgain: readonly Step[] = [
  addCount,
  { state: 'ReadCounter', call: 'dynamodb.GetItem' },
  { state: 'AnyUncounted' },
  { state: 'AlreadyCounted' },
];

const counting: Step = {
  state: 'CountHashtags',
  jsonataMs: 0.013,
  iterations: {
    items: ({ hashtags }) => Math.ceil(hashtags / HASHTAGS_PER_GROUP),
    steps: () => [
      {
        state: 'CountGroup',
        iterations: {
          items: ({ hashtags }, group) => Math.min(HASHTAGS_PER_GROUP, hashtags - group * HASHTAGS_PER_GROUP),
          steps: ({ isRedelivery }) => (isRedelivery ? countingAgain : [addCount]),
        },
      },
    ],
  },
};
/** States entered before the call that updates a counter. */
const COUNTING_STATES = 3;

const afterCounting: readonly Step[] = [{ state: 'AnyDeletesOrQuarantine' }, { state: 'BatchDone' }];

/** The states that one tweet with one hashtag passes in an execution, in their order. */
export function statesOfOneTweet({ isRedelivery }: { isRedelivery: boolean }): string[] {
  const batch = { tweets: 1, hashtags: 1, isRedelivery };
  const namesOf = (steps: readonly Step[]): string[] =>
    steps.flatMap(({ state, iterations }) => [state, ...namesOf(iterations?.steps(batch) ?? [])]);
  return namesOf([...beforeCounting(batch), counting, ...afterCounting]);
}

/** Retries of AddCount: IntervalSeconds 1, BackoffRate 2, MaxDelaySeconds 20, JitterStrategy FULL. */
export const MOST_COUNT_RETRIES = 6;
const MOST_DELAY_SECONDS = 20;

/** Tweets of average size in a batch after it was halved until Step Functions accepts it. */
export function largestAccepted({
  batchSize,
  inputBytesPerTweet,
}: Pick<Scenario, 'batchSize' | 'inputBytesPerTweet'>): number {
  let tweets = batchSize;
  while (tweets > 1 && tweets * inputBytesPerTweet > PAYLOAD_BYTES) tweets = Math.ceil(tweets / 2);
  return tweets;
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

/** Where a state is entered: the iteration of the Map around it, and the tweets that it deals with. */
interface Place {
  readonly iteration: number;
  readonly tweets: number;
}

/** Draws the times of executions, call by call in the workflow's order. */
export class Workflow {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #hashtagsIn: (tweets: number) => number;

  /** @param hashtagsIn distinct hashtags of a number of tweets */
  constructor(scenario: Scenario, random: Random, hashtagsIn: (tweets: number) => number) {
    this.#scenario = scenario;
    this.#random = random;
    this.#hashtagsIn = hashtagsIn;
  }

  /** Plans an execution. In a redelivery the tweets are stored and the cold hashtags counted. */
  plan(tweets: number, isRedelivery: boolean): Plan {
    const { table } = this.#scenario;
    const startMs = drawMs(table.overheads.startSyncExecution, this.#random);
    if (this.#inputBytes(tweets) > PAYLOAD_BYTES) {
      return { fits: false, hotUpdateMs: 0, countedMs: startMs, restMs: 0, updates: 0 };
    }
    const batch = { tweets, hashtags: this.#hashtagsIn(tweets), isRedelivery };
    const storedMs = startMs + this.#sequence(beforeCounting(batch), batch, { iteration: 0, tweets });
    const handOverMs = drawMs(table.overheads.task, this.#random);
    return {
      fits: true,
      hotUpdateMs: storedMs + this.#jsonataMs(counting, tweets) + this.#states(COUNTING_STATES) + handOverMs,
      countedMs: storedMs + this.#step(counting, batch, { iteration: 0, tweets }),
      restMs: this.#sequence(afterCounting, batch, { iteration: 0, tweets }),
      updates: batch.hashtags,
    };
  }

  /** Draws the size of an input. The halves of a batch are drawn anew, as if they were not of its tweets. */
  #inputBytes(tweets: number): number {
    const { inputBytesPerTweet: mean, inputBytesDeviation: deviation } = this.#scenario;
    if (deviation === 0) return tweets * mean;
    return tweets * mean + Math.sqrt(tweets) * deviation * standardNormal(this.#random);
  }

  /** Duration of an update of the hot counter, from request to answer. */
  hotCallMs(): number {
    return this.#call(addCount.call);
  }

  #sequence(steps: readonly Step[], batch: Batch, place: Place): number {
    return steps.reduce((ms, step) => ms + this.#step(step, batch, place), 0);
  }

  #step(step: Step, batch: Batch, { iteration, tweets }: Place): number {
    const { call, iterations } = step;
    let ms = this.#states(1) + this.#jsonataMs(step, tweets);
    if (call !== undefined) ms += drawMs(this.#scenario.table.overheads.task, this.#random) + this.#call(call);
    if (iterations !== undefined) {
      const steps = iterations.steps(batch);
      const isParallel = !this.#scenario.isJsonataSerial;
      const tweetsOf = (item: number) => (isParallel ? iterations.tweets?.(batch, item) : undefined) ?? 0;
      ms += untilAllDone(iterations.items(batch, iteration), LANES, (item) =>
        this.#sequence(steps, batch, { iteration: item, tweets: tweetsOf(item) }),
      );
      if (!isParallel) for (const inner of steps) ms += this.#jsonataMs(inner, tweets);
    }
    return ms;
  }

  #jsonataMs({ jsonataMs = 0 }: Step, tweets: number): number {
    return jsonataMs * tweets * this.#scenario.jsonataFactor;
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
