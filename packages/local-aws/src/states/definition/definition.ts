import type { Integration } from '../integrations/integration.ts';
import type { Template } from '../jsonata/template.ts';

/** States with a start state: a whole machine, a branch of a Parallel or the processor of a Map. */
export interface StateGraph {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A checked, compiled Express definition in JSONata. */
export interface Definition extends StateGraph {
  readonly comment: string | undefined;
  /** Undefined: the five minutes of every Express execution. */
  readonly timeoutSeconds: number | undefined;
  /** Bytes of the definition's text, for the memory that AWS bills. */
  readonly definitionBytes: number;
  /** Number of Map and Parallel states at any depth, for the memory that AWS bills. */
  readonly fanOutStates: number;
}

/**
 * One state, by its `type`. Fields that are undefined are absent in the definition.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html}
 */
export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | MapState
  | ParallelState;

/** Assign, Output and Next of a state. `next` undefined ends the graph. */
export interface Exit {
  readonly assign: readonly Assignment[];
  readonly output: Template | undefined;
  readonly next: string | undefined;
}

/**
 * One variable of Assign, by its name without `$`: at most 80 characters.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html}
 */
export interface Assignment {
  readonly variable: string;
  readonly value: Template;
}

/**
 * An element of Retry, with defaults filled in. Delays are in seconds. Only `backoffRate` may be a fraction; it is at
 * least 1. `maxAttempts` counts the retries without the first attempt; 0 means never.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html}
 */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: 'NONE' | 'FULL';
}

/**
 * An element of Catch. The first one whose `errorEquals` matches exits the state when no retry is left.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html}
 */
export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly exit: Exit;
}

/**
 * Retry and Catch of a Task, Map or Parallel state, in the order of the definition. Empty when absent.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html}
 */
export interface ErrorHandling {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/**
 * Calls one API action and waits for its answer.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html}
 */
export interface TaskState extends ErrorHandling {
  readonly type: 'Task';
  readonly name: string;
  readonly integration: Integration;
  /** Undefined: the state's input. */
  readonly arguments: Template | undefined;
  /** An integer, 1-99999999. Undefined: only the execution's own timeout applies. */
  readonly timeoutSeconds: Template | undefined;
  /** An integer, 1-99999999, less than `timeoutSeconds`. In the history only: no integration sends heartbeats. */
  readonly heartbeatSeconds: Template | undefined;
  readonly exit: Exit;
}

/**
 * Passes its input on, or the Output that it computes.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html}
 */
export interface PassState {
  readonly type: 'Pass';
  readonly name: string;
  readonly exit: Exit;
}

/**
 * Exits by its first rule that holds.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html}
 */
export interface ChoiceState {
  readonly type: 'Choice';
  readonly name: string;
  readonly choices: readonly ChoiceRule[];
  /**
   * Taken with the state's own Assign and Output when no rule holds. Without `next` the state then fails with
   * `States.NoChoiceMatched`.
   */
  readonly otherwise: Exit;
}

/** An element of Choices. {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html} */
export interface ChoiceRule {
  /** Must evaluate to a boolean. */
  readonly condition: Template;
  /** The condition's place in the state, for the history: `Choices[0]/Condition`. */
  readonly location: string;
  readonly exit: Exit;
}

/** Waits, then passes its input on. {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html} */
export interface WaitState {
  readonly type: 'Wait';
  readonly name: string;
  /** `Seconds`: an integer, 0-99999999. `Timestamp`: RFC 3339 text; one in the past does not wait. */
  readonly until: { readonly kind: 'Seconds' | 'Timestamp'; readonly value: Template };
  readonly exit: Exit;
}

/** Ends its graph with success. {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html} */
export interface SucceedState {
  readonly type: 'Succeed';
  readonly name: string;
  /** Undefined: the state's input. */
  readonly output: Template | undefined;
}

/**
 * Fails its graph with an error and a cause, both text.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html}
 */
export interface FailState {
  readonly type: 'Fail';
  readonly name: string;
  readonly error: Template | undefined;
  readonly cause: Template | undefined;
}

/**
 * Runs a graph once for each item, in INLINE mode.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html}
 */
export interface MapState extends ErrorHandling {
  readonly type: 'Map';
  readonly name: string;
  /** An array, or an object whose members are the items. Undefined: the state's input. */
  readonly items: Template | undefined;
  /** The input of an iteration. Undefined: the item. */
  readonly itemSelector: Template | undefined;
  /** An integer of at least 0. Undefined and 0: the maximum. At most 40 iterations run at a time. */
  readonly maxConcurrency: Template | undefined;
  readonly processor: StateGraph;
  readonly exit: Exit;
}

/**
 * Runs its branches at the same time. The output is the list of their outputs. The first failure stops the others.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html}
 */
export interface ParallelState extends ErrorHandling {
  readonly type: 'Parallel';
  readonly name: string;
  /** The input of every branch. Undefined: the state's input. */
  readonly arguments: Template | undefined;
  readonly branches: readonly StateGraph[];
  readonly exit: Exit;
}
