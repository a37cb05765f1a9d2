import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/**
 * One line of an Express execution's log, as CloudWatch Logs holds it: numbers are strings, the top level is
 * snake_case, details are camelCase. {@link https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html}
 */
export interface LogEvent {
  /** Counts from "1" in each execution. */
  id: string;
  type: EventType;
  details: JsonObject;
  /** The id of the event before this one, "0" for the first. Branches and iterations make the events a tree. */
  previous_event_id: string;
  /** Milliseconds since the epoch. */
  event_timestamp: string;
  execution_arn: string;
  redrive_count: '0';
}

export type StateType = 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Map' | 'Parallel';

export type EventType =
  | 'ExecutionStarted'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionTimedOut'
  | 'ExecutionAborted'
  | `${StateType}StateEntered`
  | `${Exclude<StateType, 'Fail'>}StateExited`
  | 'TaskScheduled'
  | 'TaskStarted'
  | 'TaskSucceeded'
  | 'TaskFailed'
  | 'TaskTimedOut'
  | 'TaskStateAborted'
  | 'MapStateStarted'
  | 'MapStateSucceeded'
  | 'MapStateFailed'
  | 'MapIterationStarted'
  | 'MapIterationSucceeded'
  | 'MapIterationFailed'
  | 'MapIterationAborted'
  | 'ParallelStateStarted'
  | 'ParallelStateSucceeded'
  | 'ParallelStateFailed'
  | 'EvaluationFailed';

/**
 * The details of an event. `facts` are always logged, payloads only with `includeExecutionData`. Payloads are kept as
 * values and serialized when they are read.
 */
export interface EventDetails {
  facts?: JsonObject;
  input?: Json;
  output?: Json;
  parameters?: Json;
  assignedVariables?: readonly (readonly [string, Json])[];
}

/** A recorded event. */
export interface StoredEvent {
  readonly id: number;
  readonly type: EventType;
  readonly previousId: number;
  readonly timestampMs: number;
  readonly details: EventDetails;
}

/** Payloads are cut at 248 KB of escaped text. */
const PAYLOAD_LOG_BYTES = 248 * 1024;

/** The log line of an event, as an object. */
export function toLogEvent(event: StoredEvent, executionArn: string): LogEvent {
  return {
    id: String(event.id),
    type: event.type,
    details: logDetails(event.details),
    previous_event_id: String(event.previousId),
    event_timestamp: String(event.timestampMs),
    execution_arn: executionArn,
    redrive_count: '0',
  };
}

function logDetails(details: EventDetails): JsonObject {
  const members: JsonObject = { ...details.facts };
  if (details.parameters !== undefined) members.parameters = cut(details.parameters).text;
  for (const name of ['input', 'output'] as const) {
    const payload = details[name];
    if (payload === undefined) continue;
    const { text, truncated } = cut(payload);
    members[name] = text;
    members[`${name}Details`] = { truncated };
  }
  if (details.assignedVariables !== undefined && details.assignedVariables.length > 0) {
    const cuts = details.assignedVariables.map(([name, value]) => ({ name, ...cut(value) }));
    members.assignedVariables = Object.fromEntries(cuts.map(({ name, text }) => [name, text]));
    members.assignedVariablesDetails = { truncated: cuts.some(({ truncated }) => truncated) };
  }
  return members;
}

/** The log line of an event: compact JSON of {@link toLogEvent}. `arnText` is the ARN as JSON. */
export function toLogLine({ id, type, previousId, timestampMs, details }: StoredEvent, arnText: string): string {
  return (
    `{"id":"${id}","type":"${type}","details":${JSON.stringify(logDetails(details))},"previous_event_id":"${previousId}",` +
    `"event_timestamp":"${timestampMs}","execution_arn":${arnText},"redrive_count":"0"}`
  );
}

interface PayloadText {
  readonly text: string;
  readonly truncated: boolean;
}

/** The output of a state is the input of the next one, and payloads do not change. */
const known = new WeakMap<object, PayloadText>();

function cut(payload: Json): PayloadText {
  if (typeof payload !== 'object' || payload === null) return cutText(payload);
  const before = known.get(payload);
  if (before !== undefined) return before;
  const cutPayload = cutText(payload);
  known.set(payload, cutPayload);
  return cutPayload;
}

function cutText(payload: Json): PayloadText {
  const text = JSON.stringify(payload);
  if (text.length <= PAYLOAD_LOG_BYTES / 6 || escapedBytes(text) <= PAYLOAD_LOG_BYTES)
    return { text, truncated: false };
  let kept = 0;
  let tooMany = text.length;
  while (tooMany - kept > 1) {
    const middle = (kept + tooMany) >> 1;
    if (escapedBytes(text.slice(0, middle)) <= PAYLOAD_LOG_BYTES) kept = middle;
    else tooMany = middle;
  }
  return { text: text.slice(0, kept), truncated: true };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
