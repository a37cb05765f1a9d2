import type { Clock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import type { State, StateGraph } from '../definition/definition.ts';
import type { StateError } from '../errors.ts';
import type { HistoryLog } from '../history/history-log.ts';
import type { TaskRunner } from '../integrations/integration.ts';
import type { ExpressionBounds } from '../jsonata/bounds.ts';
import type { Turns } from './turns.ts';
import type { VariableBudget, VariableScope } from './variables.ts';

/**
 * Waits as long as AWS takes to enter and exit a state (`state`) or to pass a call to a service (`task`). Returns early
 * when the signal aborts.
 */
export type StatePace = (kind: 'state' | 'task', signal: AbortSignal) => Promise<void>;

/**
 * A state that a thread has run up to its exit. The variables are those before its Assign. A state that retries after
 * its Assign or Output failed is visited once for each attempt. Values are kept by reference.
 */
export interface StateVisit {
  readonly state: State;
  readonly input: Json;
  /** All variables that the state can read. */
  readonly variables: JsonObject;
  /** What a Task, Map or Parallel returned. */
  readonly result?: Json;
  /** `$states.errorOutput` of the catcher that takes the state's error. */
  readonly errorOutput?: Json;
  /** Where the state exits to. Undefined when the graph ends here, or the exit failed. */
  readonly next: string | undefined;
  /** The error with which Assign or Output failed. */
  readonly error?: string | undefined;
}

/** Watches a state that is tested on its own, and stands in for what the state would start. */
export interface StateProbe {
  /** The number of retries that every retrier counts as made. */
  readonly retriesMade: number;
  /** The context object in place of the run's own. */
  readonly context?: JsonObject;
  /**
   * Told of an error before a retry or a catcher acts, with the index of the first retrier that matches. `delayMs` is
   * undefined when that retrier is used up. Throws to end the state before the retry.
   */
  onError(error: StateError, retrier: number | undefined, delayMs: number | undefined): void;
  /** Told of the index of the catcher that takes the error. */
  onCatch(catcher: number): void;
  /** Told of a Map's MaxConcurrency, and of the inputs of its iterations when it has an ItemSelector. */
  onMap(maxConcurrency: number, inputs: readonly Json[] | undefined): void;
  /** The result of a Map's iterations or a Parallel's branches, which do not run. Throws the `StateError` of one. */
  innerResult(): Json[];
}

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
  /** Default: executions never wait for each other. */
  readonly turns?: Turns;
  /** How much an expression may take. */
  readonly expressionBounds: ExpressionBounds;
  /** Failed evaluations that the history already holds: one error may pass through several nested states. */
  readonly recordedFailures: WeakSet<StateError>;
  /** Told of every state that exits or fails to, and of Fail states. */
  readonly onVisit?: (visit: StateVisit) => void;
  /** Only for a state that is tested on its own. */
  readonly probe?: StateProbe;
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
