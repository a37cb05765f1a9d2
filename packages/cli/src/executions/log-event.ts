import { isJsonObject, type JsonObject, parseJson } from '@tweet-pipes/kit/json';

/** One event of an Express execution. {@link https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html} */
export interface LoggedEvent {
  /** Counts from 1 in each execution. */
  readonly id: number;
  /** `TaskStateEntered` */
  readonly type: string;
  /** 0 for the first one. */
  readonly previousId: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly executionArn: string;
  /** Payloads in it (`input`, `output`, `parameters`) are JSON texts, and there only where data are logged. */
  readonly details: JsonObject;
  /** The line of the log that it was read from. */
  readonly line: string;
}

/** Reads a line of a workflow's log group; undefined for a line that is no event of an execution. */
export function parseLoggedEvent(line: string): LoggedEvent | undefined {
  const event = parseJson(line);
  if (!isJsonObject(event)) return undefined;
  const { type, execution_arn: executionArn, details = {} } = event;
  const [id, previousId, atMs] = [event.id, event.previous_event_id, event.event_timestamp].map(Number);
  if (typeof type !== 'string' || typeof executionArn !== 'string' || !isJsonObject(details)) return undefined;
  if (id === undefined || previousId === undefined || atMs === undefined) return undefined;
  if (![id, previousId, atMs].every(Number.isSafeInteger)) return undefined;
  return { id, type, previousId, atMs, executionArn, details, line };
}

/** A member of the details that is a text. */
export function textOf(details: JsonObject, name: string): string | undefined {
  const value = details[name];
  return typeof value === 'string' ? value : undefined;
}
