import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { Definition, StateGraph } from '@tweet-pipes/local-aws/states/definition/definition';
import { innerGraphs } from '@tweet-pipes/local-aws/states/definition/find-state';
import type { TaskRunner } from '@tweet-pipes/local-aws/states/integrations/integration';
import { runExecution } from '@tweet-pipes/local-aws/states/interpreter/run-execution';
import type { StateVisit } from '@tweet-pipes/local-aws/states/interpreter/thread';
import { jsonBytes } from '@tweet-pipes/local-aws/states/payload-size';
import { type Hindrance, hinder } from './hindered-tasks.ts';

/** A state that ran, and the number of records in the batch of its execution. */
export interface RecordedVisit {
  readonly batch: number;
  readonly visit: StateVisit;
}

/** The means to run executions. */
export interface RunMeans {
  readonly runTask: TaskRunner;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each execution that ended. */
  onExecution?(executions: number): void;
}

/** So much shorter are the workflow's waits. */
const HURRY = 200;
/** What is longer is no wait, but a limit of time. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Runs executions of a workflow and keeps the visits of its states: of each state, exit, error and batch size the one
 * with the most data.
 */
export class VisitRecorder {
  readonly #definition: Definition;
  readonly #means: RunMeans;
  readonly #random = seededRandom(1);
  readonly #states: number;
  readonly #kept = new Map<string, RecordedVisit & { bytes: number }>();
  #executions = 0;

  constructor(definition: Definition, means: RunMeans) {
    this.#definition = definition;
    this.#means = means;
    this.#states = stateNames(definition).length;
  }

  /**
   * Runs one execution. Its visits are kept for the batch size, if one is given. It may fail. Rejects when the signal
   * aborts.
   */
  async run(batch: number | undefined, input: Json, hindrance?: Hindrance): Promise<void> {
    const { clock, runTask, signal, onExecution } = this.#means;
    signal.throwIfAborted();
    await runExecution({
      definition: this.#definition,
      input,
      runTask: hindrance === undefined ? runTask : hinder(runTask, hindrance, this.#random),
      clock: hurried(clock),
      random: this.#random,
      signal,
      ...(batch === undefined ? {} : { onVisit: (visit) => this.#keep(batch, visit) }),
    });
    this.#executions += 1;
    onExecution?.(this.#executions);
  }

  /** The number of states that did their work with the batch size, without an error. */
  visited(batch: number): number {
    return visitedStates(this.visits().filter((visit) => visit.batch === batch)).size;
  }

  /** Whether every state did its work with the batch size. */
  isComplete(batch: number): boolean {
    return this.visited(batch) === this.#states;
  }

  /** The visits that were kept. */
  visits(): RecordedVisit[] {
    return [...this.#kept.values()].map(({ batch, visit }) => ({ batch, visit }));
  }

  #keep(batch: number, visit: StateVisit): void {
    const { state, next, error, input, variables, result = null, errorOutput = null } = visit;
    const bytes = [input, variables, result, errorOutput].reduce<number>((sum, value) => sum + jsonBytes(value), 0);
    const caught = isJsonObject(errorOutput) ? errorOutput.Error : undefined;
    const key = JSON.stringify([batch, state.name, next, error, caught]);
    if (bytes > (this.#kept.get(key)?.bytes ?? -1)) this.#kept.set(key, { batch, visit, bytes });
  }
}

/** The names of the states that did their work in one of the visits, without an error. */
export function visitedStates(visits: readonly RecordedVisit[]): Set<string> {
  const worked = visits.filter(({ visit }) => visit.error === undefined && visit.errorOutput === undefined);
  return new Set(worked.map(({ visit }) => visit.state.name));
}

/** Waits of the workflow are shorter. */
function hurried(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms <= LONGEST_WAIT_MS ? ms / HURRY : ms, signal),
  };
}

/** The names of all states, in the order of the definition. */
export function stateNames(graph: StateGraph): string[] {
  return [...graph.states.values()].flatMap((state) => [state.name, ...innerGraphs(state).flatMap(stateNames)]);
}
