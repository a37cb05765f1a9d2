import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { jsonBytes, jsonEscapes, stringBytes } from '../payload-size.ts';

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
  /** Of its log line in UTF-8. */
  readonly bytes: number;
}

/** Payloads are cut at 248 KB of escaped text. */
const PAYLOAD_LOG_BYTES = 248 * 1024;
const EMPTY_LINE_BYTES = Buffer.byteLength(
  JSON.stringify({
    id: '',
    type: '',
    details: {},
    previous_event_id: '',
    event_timestamp: '',
    execution_arn: '',
    redrive_count: '0',
  }),
);

/** Bytes of an event's log line as compact JSON in UTF-8, calculated without building the line. */
export function logLineBytes(event: Omit<StoredEvent, 'bytes'>, executionArn: string): number {
  const { id, type, previousId, timestampMs, details } = event;
  const frame = String(id).length + type.length + String(previousId).length + String(timestampMs).length;
  return EMPTY_LINE_BYTES + frame + executionArn.length + detailsBytes(details) - '{}'.length;
}

/** Bytes of `details`, braces included. */
function detailsBytes({ facts, parameters, assignedVariables = [], ...payloads }: EventDetails): number {
  const members: number[] = [];
  if (facts !== undefined && jsonBytes(facts) > '{}'.length) members.push(jsonBytes(facts) - '{}'.length);
  if (parameters !== undefined) members.push('"parameters":'.length + textBytes(parameters));
  for (const name of ['input', 'output'] as const) {
    const payload = payloads[name];
    if (payload === undefined) continue;
    members.push(`"${name}":`.length + textBytes(payload), `"${name}Details":{"truncated":${isCut(payload)}}`.length);
  }
  if (assignedVariables.length > 0) {
    const inner = assignedVariables.reduce(
      (sum, [name, value]) => sum + stringBytes(name) + ':'.length + textBytes(value),
      assignedVariables.length - 1,
    );
    const truncated = assignedVariables.some(([, value]) => isCut(value));
    members.push(
      '"assignedVariables":{}'.length + inner,
      `"assignedVariablesDetails":{"truncated":${truncated}}`.length,
    );
  }
  return '{}'.length + members.reduce((sum, bytes) => sum + bytes, Math.max(0, members.length - 1));
}

/** Bytes of a payload's JSON as a JSON string. Exact to a few bytes when the payload is cut. */
function textBytes(payload: Json): number {
  return Math.min(jsonBytes(payload) + jsonEscapes(payload), PAYLOAD_LOG_BYTES) + '""'.length;
}

function isCut(payload: Json): boolean {
  return jsonBytes(payload) + jsonEscapes(payload) > PAYLOAD_LOG_BYTES;
}

/** The log line of an event. */
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

function cut(payload: Json): { text: string; truncated: boolean } {
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
