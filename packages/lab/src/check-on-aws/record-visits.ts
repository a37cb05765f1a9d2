import type { Json } from '@tweet-pipes/kit/json';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { createTaskRunner } from '@tweet-pipes/local-aws/states/integrations/task-runner';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { type Deliver, deliverThrough, samplePart, spelledByMarks } from './deliveries.ts';
import type { Hindrance } from './hindered-tasks.ts';
import { startLocalStack } from './local-stack.ts';
import { type RecordedVisit, type RunMeans, stateNames, VisitRecorder } from './visit-recorder.ts';

/** What the workflow did with batches on this machine. */
export interface Recording {
  /** The definition that ran, as the template has it, with names filled in. */
  readonly definition: string;
  /** Every state, in the order of the definition. */
  readonly states: readonly string[];
  /** Of each state, exit, error and batch size the visit with the most data, if there was one. */
  readonly visits: readonly RecordedVisit[];
}

/** What to record, and how to go about it. */
export interface RecordOptions extends Omit<RunMeans, 'runTask'> {
  /** Sizes of batches, in records. */
  readonly batches: readonly number[];
}

/** The records of each batch size come from samples of seeds of their own, so that their tweets are new. */
const SEEDS_PER_BATCH_SIZE = 1_000;
/** The smallest sample that holds every kind of record. */
const ALL_KINDS = 61;
/** A counter with more high-water marks than this many shards is cleaned up. */
const OTHER_SHARDS = 10;
const OTHER_SHARD_RECORDS = 61;
const HINDRANCES: readonly Hindrance[] = ['partly', 'partly', 'throttled', 'denied'];
/** Hindered deliveries in a row that reach no other state, after which no more are tried. */
const PATIENCE = 12;

/**
 * Runs the project's workflow on the local engines with batches of each size: new, redelivered, cut at another place,
 * as duplicates, and with services that throttle, refuse and lose answers.
 */
export async function recordVisits(options: RecordOptions): Promise<Recording> {
  const stack = await startLocalStack();
  try {
    const definition = parseDefinition(stack.definition);
    const runTask = createTaskRunner({ clients: () => stack.clients });
    const recorder = new VisitRecorder(definition, { ...options, runTask });
    const deliver = deliverThrough(stack.inputTemplate);
    await fillCounters(recorder, deliver);
    for (const batch of options.batches) await new BatchSize(batch, recorder, deliver).play();
    return { definition: stack.definition, states: stateNames(definition), visits: recorder.visits() };
  } finally {
    await stack.stop();
  }
}

/** Counts hashtags from several shards, so that counters carry many high-water marks. */
async function fillCounters(recorder: VisitRecorder, deliver: Deliver): Promise<void> {
  for (let shard = 1; shard <= OTHER_SHARDS; shard += 1) {
    await recorder.run(undefined, deliver(samplePart(OTHER_SHARD_RECORDS, shard), 0, shard));
  }
}

/** The deliveries of one batch size. */
class BatchSize {
  readonly #batch: number;
  readonly #recorder: VisitRecorder;
  readonly #deliver: Deliver;
  #seed: number;
  #position: number;

  constructor(batch: number, recorder: VisitRecorder, deliver: Deliver) {
    this.#batch = batch;
    this.#recorder = recorder;
    this.#deliver = deliver;
    this.#seed = batch * SEEDS_PER_BATCH_SIZE;
    this.#position = batch * SEEDS_PER_BATCH_SIZE * SEEDS_PER_BATCH_SIZE;
  }

  async play(): Promise<void> {
    await this.#run('This is no batch.');
    // Of single records, one batch for each kind.
    const all = [...this.#sample(this.#batch === 1 ? ALL_KINDS : this.#batch - 1), spelledByMarks(this.#seed)];
    for (const records of this.#batch === 1 ? all.map((record) => [record]) : [all]) await this.#playHealthy(records);
    await this.#playHindered();
  }

  async #playHealthy(records: readonly StreamRecord[]): Promise<void> {
    const fresh = this.#next(records);
    const half = Math.floor(records.length / 2);
    await this.#run(fresh);
    await this.#run(fresh);
    if (half > 0) await this.#run([...fresh.slice(half), ...this.#next(this.#sample(half))]);
    await this.#run(this.#next(records));
  }

  /** Ends when every state was visited, or when more deliveries reach no other. */
  async #playHindered(): Promise<void> {
    const patience = this.#batch === 1 ? ALL_KINDS : PATIENCE;
    let unchanged = 0;
    for (let played = 0; unchanged < patience && !this.#recorder.isComplete(this.#batch); played += 1) {
      const before = this.#recorder.visited(this.#batch);
      const hindrance = HINDRANCES[played % HINDRANCES.length];
      const batch = this.#next(this.#sample(this.#batch));
      await this.#run(batch, hindrance);
      await this.#run(batch, hindrance);
      unchanged = this.#recorder.visited(this.#batch) === before ? unchanged + 1 : 0;
    }
  }

  #sample(records: number): StreamRecord[] {
    this.#seed += 1;
    return samplePart(records, this.#seed);
  }

  #next(records: readonly StreamRecord[]): Json[] {
    const delivered = this.#deliver(records, this.#position);
    this.#position += records.length;
    return delivered;
  }

  #run(input: Json, hindrance?: Hindrance): Promise<void> {
    return this.#recorder.run(this.#batch, input, hindrance);
  }
}
