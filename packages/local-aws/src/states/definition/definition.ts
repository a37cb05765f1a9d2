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

export interface Assignment {
  readonly variable: string;
  readonly value: Template;
}

/** Delays in seconds; only `backoffRate` may be a fraction. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: 'NONE' | 'FULL';
}

export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly exit: Exit;
}

export interface ErrorHandling {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface TaskState extends ErrorHandling {
  readonly type: 'Task';
  readonly name: string;
  readonly integration: Integration;
  /** Undefined: the state's input. */
  readonly arguments: Template | undefined;
  readonly timeoutSeconds: Template | undefined;
  readonly heartbeatSeconds: Template | undefined;
  readonly exit: Exit;
}

export interface PassState {
  readonly type: 'Pass';
  readonly name: string;
  readonly exit: Exit;
}

export interface ChoiceState {
  readonly type: 'Choice';
  readonly name: string;
  readonly choices: readonly ChoiceRule[];
  /** Taken with the state's own Assign and Output when no rule holds. */
  readonly otherwise: Exit;
}

export interface ChoiceRule {
  readonly condition: Template;
  readonly location: string;
  readonly exit: Exit;
}

export interface WaitState {
  readonly type: 'Wait';
  readonly name: string;
  readonly until: { readonly kind: 'Seconds' | 'Timestamp'; readonly value: Template };
  readonly exit: Exit;
}

export interface SucceedState {
  readonly type: 'Succeed';
  readonly name: string;
  readonly output: Template | undefined;
}

export interface FailState {
  readonly type: 'Fail';
  readonly name: string;
  readonly error: Template | undefined;
  readonly cause: Template | undefined;
}

export interface MapState extends ErrorHandling {
  readonly type: 'Map';
  readonly name: string;
  readonly items: Template | undefined;
  readonly itemSelector: Template | undefined;
  readonly maxConcurrency: Template | undefined;
  readonly processor: StateGraph;
  readonly exit: Exit;
}

export interface ParallelState extends ErrorHandling {
  readonly type: 'Parallel';
  readonly name: string;
  readonly arguments: Template | undefined;
  readonly branches: readonly StateGraph[];
  readonly exit: Exit;
}
