import { setMaxListeners } from 'node:events';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import type { Definition } from '../definition/definition.ts';
import { StateError, Stopped } from '../errors.ts';
import { HistoryLog } from '../history/history-log.ts';
import type { EventDetails, EventType, LogEvent } from '../history/log-event.ts';
import type { TaskRunner } from '../integrations/integration.ts';
import { AWS_EXPRESSION_BOUNDS, type ExpressionBounds } from '../jsonata/bounds.ts';
import { toTimestamp } from '../timestamp.ts';
import { abortable } from './abortable.ts';
import { runGraph } from './run-graph.ts';
import { errorFacts } from './state-execution.ts';
import type { Run, StatePace, StateVisit, Thread } from './thread.ts';
import type { Turns } from './turns.ts';
import { VariableScope } from './variables.ts';

/**
 * The longest duration of an Express execution.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html}
 */
const EXPRESS_SECONDS = 300;

/** Names and ARNs of the execution, for `$states.context` and the history. */
export interface ExecutionIdentity {
  executionArn: string;
  executionName: string;
  stateMachineArn: string;
  stateMachineName: string;
  roleArn: string;
  region: string;
}

/**
 * One execution to run: its definition and input, and the means it runs with.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html}
 */
export interface ExecutionRequest {
  definition: Definition;
  /** Kept by reference: the caller must not change it. At most 256 KiB as JSON, which the API checks. */
  input: Json;
  runTask: TaskRunner;
  clock: Clock;
  random: Random;
  /** Default: a fixed identity, for tests. */
  identity?: ExecutionIdentity;
  /** Default: a log of its own that keeps every event. */
  log?: HistoryLog;
  /** How long states take on AWS. Default: no time. */
  pace?: StatePace;
  /** The turns that executions take. Default: they do not. */
  turns?: Turns;
  /** Told of every state that exits, and of Fail states, in their order. */
  onVisit?: (visit: StateVisit) => void;
  /** How much an expression may take. Default: as on AWS. */
  expressionBounds?: ExpressionBounds;
  /** Ends the execution as ABORTED. */
  signal?: AbortSignal;
}

/** How an execution ended. ABORTED: the request's signal stopped it. */
export interface ExecutionResult {
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** Present when SUCCEEDED. */
  output?: Json;
  /** Present when FAILED or TIMED_OUT; a Fail state may omit error, cause or both. */
  error?: string;
  cause?: string;
  /** Epoch milliseconds. */
  startMs: number;
  /** Epoch milliseconds. */
  stopMs: number;
  /** The history in the shape of CloudWatch Logs. Converted at each call. */
  events(): LogEvent[];
}

/**
 * Runs one Express execution to its end. A failure inside the definition does not throw: it becomes the result's
 * status, error and cause. Nothing runs on afterwards, except a task that ignores its abort signal.
 */
export async function runExecution(request: ExecutionRequest): Promise<ExecutionResult> {
  const { clock, random, definition, input, runTask } = request;
  const identity = request.identity ?? DEFAULT_IDENTITY;
  const log = request.log ?? new HistoryLog({ executionArn: identity.executionArn, clock });
  const startMs = clock.now();
  const run: Run = {
    clock,
    random,
    runTask,
    log,
    region: identity.region,
    execution: {
      Id: identity.executionArn,
      Input: input,
      Name: identity.executionName,
      RoleArn: identity.roleArn,
      StartTime: toTimestamp(startMs),
    },
    stateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
    variables: { bytes: 0 },
    expressionBounds: request.expressionBounds ?? AWS_EXPRESSION_BOUNDS,
    ...(request.pace && { pace: request.pace }),
    ...(request.turns && { turns: request.turns }),
    ...(request.onVisit && { onVisit: request.onVisit }),
    recordedFailures: new WeakSet(),
  };
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const abort = () => stop.abort();
  if (request.signal?.aborted === true) abort();
  request.signal?.addEventListener('abort', abort, { once: true });
  log.record('ExecutionStarted', 0, { facts: { roleArn: identity.roleArn }, input });
  const thread: Thread = {
    run,
    signal: stop.signal,
    scope: new VariableScope(run.variables),
    map: undefined,
    lastEventId: 0,
  };
  const deadline = startDeadline(clock, definition, stop);
  const end = await runUntilDeadline(thread, definition, input, deadline);
  stop.abort();
  request.signal?.removeEventListener('abort', abort);
  return { ...end, startMs, stopMs: clock.now(), events: () => log.events() };
}

const DEFAULT_IDENTITY: ExecutionIdentity = {
  executionArn: 'arn:aws:states:us-east-1:000000000000:express:Workflow:execution:00000000-0000-4000-8000-000000000000',
  executionName: 'execution',
  stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:Workflow',
  stateMachineName: 'Workflow',
  roleArn: 'arn:aws:iam::000000000000:role/Workflow',
  region: 'us-east-1',
};

interface Deadline {
  isOver: boolean;
}

function startDeadline(clock: Clock, definition: Definition, stop: AbortController): Deadline {
  const deadline = { isOver: false };
  const seconds = Math.min(definition.timeoutSeconds ?? EXPRESS_SECONDS, EXPRESS_SECONDS);
  clock.sleep(seconds * 1000, stop.signal).then(() => {
    if (stop.signal.aborted) return;
    deadline.isOver = true;
    stop.abort();
  });
  return deadline;
}

async function runUntilDeadline(thread: Thread, definition: Definition, input: Json, deadline: Deadline) {
  const { log } = thread.run;
  // The last event closes the log: events of threads that still unwind are not part of the history.
  const end = (type: EventType, details?: EventDetails) => {
    log.record(type, thread.lastEventId, details);
    log.close();
  };
  try {
    const output = await abortable(runGraph(thread, definition, input), thread.signal);
    end('ExecutionSucceeded', { output });
    return { status: 'SUCCEEDED', output } as const;
  } catch (error) {
    if (error instanceof Stopped) {
      if (!deadline.isOver) {
        end('ExecutionAborted');
        return { status: 'ABORTED' } as const;
      }
      end('ExecutionTimedOut');
      return { status: 'TIMED_OUT', error: 'States.Timeout' } as const;
    }
    if (!(error instanceof StateError)) throw error;
    end('ExecutionFailed', { facts: errorFacts(error) });
    return {
      status: 'FAILED',
      ...(error.error === undefined ? {} : { error: error.error }),
      ...(error.causeText === undefined ? {} : { cause: error.causeText }),
    } as const;
  }
}
