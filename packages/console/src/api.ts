/** The JSON that the page gets from its server, under `/_console/api/`. Times are milliseconds since the epoch. */

/** The body of every answer that is not 200. */
export interface ApiFailure {
  /** A name that a program may compare: AWS's own for its errors, else `NotFound`, `BadRequest`, `Starting`, … */
  readonly error: string;
  /** For people: what was wrong, and what to do. */
  readonly message: string;
}

/** Names the server's process in every answer: another value means that it was started again. */
export const INSTANCE_HEADER = 'x-console-instance';

/** `GET session`: what the page looks at. */
export interface Session {
  /** `local`: the runtime on this machine. `aws`: a deployed stack. */
  readonly place: 'local' | 'aws';
  /** `http://127.0.0.1:4566`; undefined on AWS. */
  readonly endpoint?: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Names of the stacks that are there. */
  readonly stacks: readonly string[];
  readonly workflows: readonly WorkflowName[];
}

/** A state machine of one of the stacks. */
export interface WorkflowName {
  readonly arn: string;
  /** Its name in AWS: `TweetPipes-IngestWorkflowStateMachine…`. */
  readonly name: string;
  /** For people, without the stack's name and the generated end: `Ingest`. */
  readonly title: string;
  readonly stack: string;
}

/** How an execution ended. `lost`: its log has no end, and it began longer ago than an Express workflow may run. */
export type ExecutionStatus = 'running' | 'succeeded' | 'failed' | 'timedOut' | 'aborted' | 'lost';

/** One line of the list of executions. */
export interface ExecutionSummary {
  readonly arn: string;
  /** Undefined when the beginning is not in the log. */
  readonly startMs?: number;
  /** Undefined while it runs, and when the end is not in the log. */
  readonly endMs?: number;
  readonly status: ExecutionStatus;
  /** Members of the input, where data are logged and the input is an array. */
  readonly records?: number;
  /** Of an execution that did not succeed. */
  readonly error?: string;
}

/** What a workflow logs; undefined members mean that it has no log. */
export interface WorkflowLogging {
  readonly level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  /** Whether input, output and variables are logged. */
  readonly hasData: boolean;
  readonly logGroupName?: string;
}

/** How far back a log was read by now. */
export interface SearchedRange {
  readonly fromMs: number;
  /** Whether it was read as far back as was asked for. If not, the next call goes on. */
  readonly isComplete: boolean;
}

/** `GET executions`: the latest executions of a workflow, or what changed since `version`. */
export interface ExecutionList {
  readonly logging: WorkflowLogging;
  /** For the next call, as `since`. */
  readonly version: string;
  /** Whether `executions` is all there is. Else it holds what changed, to be merged by ARN. */
  readonly isWhole: boolean;
  readonly executions: readonly ExecutionSummary[];
  readonly searched: SearchedRange;
  /** Whether older ones were left out, because there are too many. */
  readonly isCapped: boolean;
  /** Names of the states of the definition, for the filter. */
  readonly states: readonly string[];
}

/** `GET executions/matching`: the executions that entered a state, or whose input holds a tweet's id. */
export interface MatchingExecutions {
  readonly arns: readonly string[];
  readonly searched: SearchedRange;
}

/** How one run of a state ended. `caught`: it failed, and a catcher took over. */
export type StateStatus = 'running' | 'succeeded' | 'caught' | 'failed' | 'timedOut' | 'aborted';

/** One attempt of a Task: retries make several. */
export interface TaskAttempt {
  readonly scheduledMs: number;
  readonly startedMs?: number;
  readonly endMs?: number;
  readonly error?: string;
  readonly cause?: string;
  /** Ids of the events whose details hold the arguments and the result. */
  readonly scheduledId: number;
  readonly endId?: number;
}

/** One run of a state, from its entry to its exit. */
export interface StateRun {
  /** The id of the event that entered it. */
  readonly id: number;
  readonly name: string;
  /** `Task`, `Map`, … */
  readonly type: string;
  status: StateStatus;
  readonly startMs: number;
  endMs?: number;
  /** The id of the event that left it. */
  exitId?: number;
  error?: string;
  cause?: string;
  /** Of a Task, in order. */
  readonly attempts: TaskAttempt[];
  /** Iterations of a Map, branches of a Parallel. */
  readonly iterations: Iteration[];
  /** Ids of its own events, in order, without those of states inside. */
  readonly events: number[];
}

/** One iteration of a Map, or one branch of a Parallel. */
export interface Iteration {
  /** Its place in the items, from 0. */
  readonly index: number;
  /** 0, and one more for each time that the Map was retried. */
  readonly attempt: number;
  status: StateStatus;
  readonly startMs: number;
  endMs?: number;
  readonly states: StateRun[];
  readonly events: number[];
}

/** An execution as its events tell it. */
export interface ExecutionTree {
  readonly status: ExecutionStatus;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly error?: string;
  readonly cause?: string;
  readonly states: readonly StateRun[];
  /** Ids of the events that belong to no state: start, end, and those whose state is not in the log. */
  readonly events: readonly number[];
}

/** One event, without its payloads. */
export interface ExecutionEvent {
  readonly id: number;
  /** `TaskStateEntered` */
  readonly type: string;
  readonly atMs: number;
  /** The event before it, 0 for none. */
  readonly previousId: number;
  /** Name of the state that it belongs to. */
  readonly state?: string;
  readonly error?: string;
  /** Whether its details hold input, output, parameters or variables. */
  readonly hasData: boolean;
}

/** `GET execution`: one execution, without payloads. */
export interface ExecutionDetails {
  readonly arn: string;
  readonly workflow: WorkflowName;
  /** As it is now: a JSON text in Amazon States Language. */
  readonly definition: string;
  readonly logging: WorkflowLogging;
  readonly tree: ExecutionTree;
  readonly events: readonly ExecutionEvent[];
  /** Whether the log has the first event; false when it was trimmed or its retention is over. */
  readonly isWhole: boolean;
  /** The ids of the events with the input and the output of the execution. */
  readonly inputId?: number;
  readonly outputId?: number;
}

/** `GET execution/event`: the details of one event as the log has them. Payloads are JSON texts in it. */
export interface EventDetails {
  readonly details: Readonly<Record<string, unknown>>;
  /** The line of the log. */
  readonly line: string;
}

/** `POST execution/start`: an execution with the same input was started. */
export interface StartedExecution {
  readonly arn: string;
  readonly startMs: number;
}
