import { type Random, seededRandom } from '@tweet-pipes/kit/random';
import { Arrivals } from './arrivals.ts';
import { EventQueue } from './event-queue.ts';
import { DistinctHashtags } from './hashtags.ts';
import { HotCounter } from './hot-counter.ts';
import type { Scenario } from './scenario.ts';
import { Shard } from './shard.ts';
import { Tally } from './tally.ts';
import { Workflow } from './workflow.ts';

/**
 * The outcome of a run. Rates are per second of virtual time, ages milliseconds from a tweet's arrival to its count.
 */
export interface Outcome {
  readonly arrived: number;
  readonly done: number;
  /** Arrived, and neither done nor given up. */
  readonly waiting: number;
  readonly deadLettered: number;
  /** Tweets done a second, in the second half of the run. */
  readonly donePerSecond: number;
  /** Growth of the lag in the second half, as a share of the arrivals, 0 or more. */
  readonly fallingBehind: number;
  /** The lag grows by less than 3 % of the arrivals, and nothing is given up. */
  readonly keepsUp: boolean;
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  /** Share of the time in which a shard's execution runs. */
  readonly utilisation: number;
  readonly executions: number;
  readonly failedExecutions: number;
  /** Executions that were refused because of too large an input; they are among the failed. */
  readonly refusedExecutions: number;
  readonly executionP50Ms: number;
  readonly executionP99Ms: number;
  /** UpdateItem calls of hashtags other than the hot one. */
  readonly coldUpdates: number;
  readonly hot: {
    readonly updates: number;
    readonly throttles: number;
    readonly unitsServed: number;
    readonly mostUnitsInASecond: number;
    readonly itemBytes: number;
    readonly unitsPerUpdate: number;
  };
  /** When the last tweet was done, milliseconds from the start. */
  readonly lastDoneMs: number;
}

/** Runs a scenario in virtual time. The same scenario gives the same outcome on every machine. */
export function simulate(scenario: Scenario): Outcome {
  const { seed, seconds, shards, tweetsPerShardSecond, backlogPerShard, counterItems, closedMarks, table } = scenario;
  const random: Random = seededRandom(seed);
  const queue = new EventQueue();
  const endMs = seconds * 1000;
  const tally = new Tally(endMs / 4);
  const hashtags = new DistinctHashtags(scenario);
  const workflow = new Workflow(scenario, random, (tweets) => hashtags.in(tweets));
  const counters = Array.from(
    { length: counterItems },
    () => new HotCounter(table.limits.itemWriteUnitsPerSecond.value, Math.ceil(closedMarks / counterItems)),
  );
  const all = Array.from({ length: shards }, (_, index) => {
    const arrivals = new Arrivals({ perSecond: tweetsPerShardSecond, backlog: backlogPerShard, random });
    const hot = counters[index % counterItems] ?? new HotCounter(table.limits.itemWriteUnitsPerSecond.value, 0);
    const parts = { scenario, queue, random, workflow, tally, hot };
    const shard = new Shard(closedMarks + index, arrivals, parts);
    // Shards are polled at independent moments.
    shard.start(backlogPerShard > 0 ? 0 : random.next() * table.polls.kinesis.intervalMs);
    return { shard, arrivals };
  });
  const waitingNow = () =>
    all.reduce((sum, { shard, arrivals }) => sum + shard.outstanding + arrivals.lag(queue.nowMs), 0);
  const arrivedNow = () => all.reduce((sum, { arrivals }) => sum + arrivals.arrived, 0);
  queue.run(endMs / 2);
  const half = { done: tally.done, waiting: waitingNow(), arrived: arrivedNow() };
  queue.run(endMs);
  const waiting = waitingNow();
  const arrived = arrivedNow();
  const fallingBehind = Math.max(0, (waiting - half.waiting) / Math.max(1, arrived - half.arrived));
  const sum = (value: (counter: HotCounter) => number) => counters.reduce((total, each) => total + value(each), 0);
  return {
    arrived,
    done: tally.done,
    waiting,
    deadLettered: tally.deadLettered,
    donePerSecond: (tally.done - half.done) / (seconds / 2),
    fallingBehind,
    keepsUp: fallingBehind < 0.03 && tally.deadLettered === 0,
    ageP50Ms: tally.ages.percentile(0.5),
    ageP99Ms: tally.ages.percentile(0.99),
    utilisation: tally.busyMs / (shards * endMs),
    executions: tally.executions,
    failedExecutions: tally.failedExecutions,
    refusedExecutions: tally.refusedExecutions,
    executionP50Ms: tally.executionMs.percentile(0.5),
    executionP99Ms: tally.executionMs.percentile(0.99),
    coldUpdates: tally.coldUpdates,
    hot: {
      updates: sum(({ updates }) => updates),
      throttles: sum(({ throttles }) => throttles),
      unitsServed: sum(({ unitsServed }) => unitsServed),
      mostUnitsInASecond: Math.max(...counters.map(({ mostUnitsInASecond }) => mostUnitsInASecond)),
      itemBytes: Math.max(...counters.map(({ bytes }) => bytes)),
      unitsPerUpdate: Math.max(...counters.map(({ units }) => units)),
    },
    lastDoneMs: tally.lastDoneMs,
  };
}
