import type { Clock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import type { StateError } from '../errors.ts';
import type { HistoryLog } from '../history/history-log.ts';
import type { TaskRunner } from '../integrations/integration.ts';
import type { VariableBudget, VariableScope } from './variables.ts';

/**
 * Waits as long as AWS needs to enter and leave a state, or to hand a call to a service; returns early when the signal
 * aborts.
 */
export type StatePace = (kind: 'state' | 'task', signal: AbortSignal) => Promise<void>;

/** What all threads of one execution share. */
export interface Run {
  readonly clock: Clock;
  readonly random: Random;
  readonly runTask: TaskRunner;
  readonly log: HistoryLog;
  readonly region: string;
  /** `$states.context.Execution` and `$states.context.StateMachine`; the input is held by reference. */
  readonly execution: JsonObject;
  readonly stateMachine: JsonObject;
  readonly variables: VariableBudget;
  /** Left out, no time passes between states. */
  readonly pace?: StatePace;
  /** Failed evaluations that are in the history already: an error passes several states on its way up. */
  readonly recordedFailures: WeakSet<StateError>;
}

/** One line of states in order: the machine itself, an iteration or a branch. */
export interface Thread {
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly scope: VariableScope;
  /** `$states.context.Map`, inside an iteration. */
  readonly map: JsonObject | undefined;
  /** The latest event of the thread, that the next one follows. */
  lastEventId: number;
}

/** How a state was left. `next` undefined: the graph is done. */
export interface Left {
  readonly output: Json;
  readonly next: string | undefined;
}
