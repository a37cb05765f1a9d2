import { join } from 'node:path';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { drainFlowing, drainWaiting, fullBatches } from '../drain.ts';
import { measureProcesses } from '../long-run/footprint.ts';
import { Measurements } from '../measurements.ts';
import { type RecordForm, tweetsForShards } from '../records.ts';
import { type BenchStack, startStack } from '../stack.ts';
import type { BenchContext, Subject, SubjectResult } from '../subject.ts';
import { timeFloor } from './floor.ts';
import { type FloorEngine, startFloorEngine } from './floor-engine.ts';
import { measureLatency } from './latency.ts';
import { startTutorial, type TutorialConsumer } from './tutorial.ts';
import { type BatchCalls, callsOf, deliveredBatches } from './workflow-calls.ts';

const shardCounts = [1, 4] as const;
type ShardCount = (typeof shardCounts)[number];
/** The share of the floor that the pipeline should reach, by the number of shards. */
const floorGoals: Readonly<Record<ShardCount, number>> = { 1: 0.75, 4: 0.85 };
/** Tweets a second, compact. */
const rateGoals: Readonly<Partial<Record<ShardCount, number>>> = { 4: 1_500 };
const forms: readonly RecordForm[] = ['compact', 'raw'];
/**
 * Minimum number of tweets of a round, and of the warm-up round, which is not counted. All batches are full.
 */
const [leastTweets, leastWarmUpTweets] = [2_400, 1_600];
/** Records of a shard for the tutorials' consumer, which reads 100 at a time: enough to measure its rate. */
const tutorialRecords = { sleeping: 200, awake: 400 };

/** The speed of the whole pipeline as a share of the engine's own, and compared with the tutorials' consumer. */
export const headline: Subject = {
  name: 'headline',
  description: "the whole pipeline compared with the engine's own speed and the tutorials' consumer; latency",
  async run(context) {
    const results = new Measurements();
    for (const shards of shardCounts) await withStack(context, shards, results);
    return { figures: results.figures, ratios: results.ratios, notes: notes() };
  },
};

interface Setting {
  stack: BenchStack;
  floor: FloorEngine;
  floorWithReads: FloorEngine;
  floorTogether: FloorEngine;
  tutorial: TutorialConsumer;
  shards: number;
  results: Measurements;
  context: BenchContext;
}

async function withStack(context: BenchContext, shards: ShardCount, results: Measurements): Promise<void> {
  const folder = join(context.folder, `headline-${shards}`);
  const label = shards === 1 ? '1 shard' : `${shards} shards`;
  context.doing(`${label}: start`);
  await using parts = new AsyncDisposableStack();
  const stack = parts.adopt(
    await startStack({ dataFolder: join(folder, 'runtime'), options: { shards }, nodeFlags: context.nodeFlags }),
    (made) => made.stop(),
  );
  const floor = parts.adopt(await startFloorEngine(join(folder, 'floor'), stack), (made) => made.stop());
  const floorWithReads = parts.adopt(await startFloorEngine(join(folder, 'floor-with-reads'), stack), (made) =>
    made.stop(),
  );
  const floorTogether = parts.adopt(
    await startFloorEngine(join(folder, 'floor-together'), stack, { together: true }),
    (made) => made.stop(),
  );
  const tutorial = parts.adopt(await startTutorial(stack), (made) => made.stop());
  const setting = { stack, floor, floorWithReads, floorTogether, tutorial, shards, results, context };
  await measureRound(setting, 'compact', 0, new Measurements(), leastWarmUpTweets);
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const form of forms) {
      context.doing(`${label}, ${form}: round ${round} of ${context.rounds}`);
      await measureRound(setting, form, round, results, leastTweets);
    }
  }
  for (const form of forms) {
    context.doing(`${label}, ${form}: latency`);
    await measureLatency(stack, { label, form }, results, context.signal);
  }
  compare(label, shards, results);
}

function compare(label: string, shards: ShardCount, results: Measurements): void {
  for (const form of forms) {
    const [pipeline, floor] = [`pipeline, ${label}, ${form}`, `floor, ${label}, ${form}`];
    results.ratio(`share of the floor, ${label}, ${form}`, pipeline, floor, floorGoals[shards]);
    results.ratio(`share of the floor with reads, ${label}, ${form}`, pipeline, `floor with reads, ${label}, ${form}`);
    const together = `floor committed together, ${label}, ${form}`;
    results.ratio(`share of the floor committed together, ${label}, ${form}`, pipeline, together);
  }
  const ours = `pipeline, ${label}, compact`;
  const rateGoal = rateGoals[shards];
  if (rateGoal !== undefined) results.goal(ours, { atLeast: rateGoal });
  results.ratio(`against the tutorials, ${label}`, ours, `tutorial with its sleep, ${label}, compact`, 10);
  results.ratio(`against the tutorials without sleep, ${label}`, ours, `tutorial without sleep, ${label}, compact`, 3);
}

/**
 * In sequence on the same records: the pipeline, the three floors, the tutorials' consumer, and the pipeline while
 * records arrive.
 */
async function measureRound(setting: Setting, form: RecordForm, round: number, results: Measurements, least: number) {
  const { stack, shards, context } = setting;
  const count = fullBatches(least, stack.batchSize, shards);
  const { signal } = context;
  const label = `${shards === 1 ? '1 shard' : `${shards} shards`}, ${form}`;
  const perShard = count / shards;
  const seed = (flow: number) => round * 100 + flow * 10 + (form === 'raw' ? 1 : 0);
  const records = await tweetsForShards({ form, seed: seed(1), shards, perShard });
  const perSecond = (milliseconds: number, all = count) => (all * 1000) / milliseconds;

  const { value: drained, used } = await withProcessorTime(stack.runtime.pid, () =>
    drainWaiting(stack, records, signal),
  );
  results.add(`pipeline, ${label}`, 'tweets/s', perSecond(drained.milliseconds));
  results.add(`processor time of the runtime, ${label}`, 'ms/tweet', used.runtime / count);
  results.add(`processor time of its engine, ${label}`, 'ms/tweet', used.dynamodb / count);

  const shardBatches = deliveredBatches(drained.landed, stack.batchSize);
  const definition = parseDefinition(stack.definitionText);
  const calls: BatchCalls[][] = [];
  for (const batches of shardBatches) {
    const ofShard: BatchCalls[] = [];
    for (const batch of batches) ofShard.push(await callsOf(definition, batch));
    calls.push(ofShard);
  }
  signal.throwIfAborted();
  // Only the floor's engine is busy now.
  const floor = await withProcessorTime(process.pid, () => timeFloor(setting.floor, calls, { withReads: false }));
  results.add(`floor, ${label}`, 'tweets/s', perSecond(floor.value));
  results.add(`processor time of the floor's sender, ${label}`, 'ms/tweet', floor.used.runtime / count);
  results.add(`processor time of the floor's engine, ${label}`, 'ms/tweet', floor.used.dynamodb / count);
  const withReads = await timeFloor(setting.floorWithReads, calls, { withReads: true });
  results.add(`floor with reads, ${label}`, 'tweets/s', perSecond(withReads));
  signal.throwIfAborted();
  const together = await withProcessorTime(process.pid, () =>
    timeFloor(setting.floorTogether, calls, { withReads: true }),
  );
  results.add(`floor committed together, ${label}`, 'tweets/s', perSecond(together.value));
  results.add(`processor time of the engine committed together, ${label}`, 'ms/tweet', together.used.dynamodb / count);

  if (form === 'compact') {
    for (const [name, sleepMs, recordsPerShard] of [
      ['tutorial with its sleep', 1_000, tutorialRecords.sleeping],
      ['tutorial without sleep', 0, tutorialRecords.awake],
    ] as const) {
      signal.throwIfAborted();
      const milliseconds = await setting.tutorial.consume(drained.landed, { recordsPerShard, sleepMs });
      results.add(`${name}, ${label}`, 'tweets/s', perSecond(milliseconds, recordsPerShard * shards));
    }
  }

  const flowing = await drainFlowing(stack, await tweetsForShards({ form, seed: seed(2), shards, perShard }), signal);
  results.add(`put to drained, ${label}`, 'tweets/s', perSecond(flowing.milliseconds));
}

/** Does the work and measures the milliseconds of processor time of the process and its engines. */
async function withProcessorTime<T>(pid: number, work: () => Promise<T>) {
  const before = await measureProcesses(pid);
  const value = await work();
  const after = await measureProcesses(pid);
  const used = (part: 'runtime' | 'dynamodb') => (after.cpuSeconds[part] - before.cpuSeconds[part]) * 1000;
  return { value, used: { runtime: used('runtime'), dynamodb: used('dynamodb') } };
}

function notes(): SubjectResult['notes'] {
  return [
    'pipeline: tweets wait in the stream while the ingest pipe is stopped; timed from its start until its checkpoint reaches the last one.',
    'floor: the calls that write, as the workflow makes them for the same batches (halved until the workflow takes ' +
      'them), straight to the same engine; with reads also its reads of deletions.',
    'floor committed together: with reads, and writes that are called at the same time in one transaction of the engine, as the runtime does.',
    'tutorial: a loop for each shard, GetRecords of 100, for each hashtag GetItem and UpdateItem, one second of sleep; it counts and stores no tweets.',
  ];
}
