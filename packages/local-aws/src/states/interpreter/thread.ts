import type { Clock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import type { StateGraph } from '../definition/definition.ts';
import type { StateError } from '../errors.ts';
import type { HistoryLog } from '../history/history-log.ts';
import type { TaskRunner } from '../integrations/integration.ts';
import type { VariableBudget, VariableScope } from './variables.ts';

/**
 * Waits as long as AWS takes to enter and exit a state (`state`) or to pass a call to a service (`task`). Returns early
 * when the signal aborts.
 */
export type StatePace = (kind: 'state' | 'task', signal: AbortSignal) => Promise<void>;

/** What all threads of one execution share. */
export interface Run {
  readonly clock: Clock;
  readonly random: Random;
  readonly runTask: TaskRunner;
  readonly log: HistoryLog;
  readonly region: string;
  /** `$states.context.Execution`. Holds the input by reference. */
  readonly execution: JsonObject;
  /** `$states.context.StateMachine`. */
  readonly stateMachine: JsonObject;
  readonly variables: VariableBudget;
  /** Default: no time passes between states. */
  readonly pace?: StatePace;
  /** Failed evaluations that the history already holds: one error may pass through several nested states. */
  readonly recordedFailures: WeakSet<StateError>;
}

/** A sequence of states: the machine itself, one Map iteration or one Parallel branch. */
export interface Thread {
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly scope: VariableScope;
  /** `$states.context.Map`, inside an iteration. */
  readonly map: JsonObject | undefined;
  /** The id of the thread's latest event, which the next event follows. */
  lastEventId: number;
}

/** What a state produced. `next` is undefined when the graph ends here. */
export interface StateResult {
  readonly output: Json;
  readonly next: string | undefined;
}

/**
 * Runs a graph from its first state to its end and returns the last output. Throws `StateError`, or `Stopped` once the
 * thread's signal aborts. Map and Parallel states contain graphs, so running a graph is recursive. They take this
 * function as an argument, which keeps run-graph.ts out of their imports.
 */
export type RunGraph = (thread: Thread, graph: StateGraph, input: Json) => Promise<Json>;
