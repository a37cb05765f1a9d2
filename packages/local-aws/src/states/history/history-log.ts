import type { Clock } from '@tweet-pipes/kit/clock';
import {
  type EventDetails,
  type EventType,
  type LogEvent,
  type StoredEvent,
  toLogEvent,
  toLogLine,
} from './log-event.ts';

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';

export interface HistoryLogOptions {
  executionArn: string;
  clock: Clock;
  /** Default ALL. */
  level?: LogLevel;
  /** Default true. */
  includeExecutionData?: boolean;
  /** Takes the line of each logged event, as CloudWatch Logs holds it. Default: {@link HistoryLog.events} keeps it. */
  deliver?: (line: string, timestampMs: number) => void;
}

/** The events of one execution, numbered from 1. Logs those that the level includes. Closed when the execution ends. */
export class HistoryLog {
  readonly executionArn: string;
  readonly #arnText: string;
  readonly #clock: Clock;
  readonly #level: LogLevel;
  readonly #includeExecutionData: boolean;
  readonly #deliver: HistoryLogOptions['deliver'];
  readonly #kept: StoredEvent[] = [];
  #lastId = 0;
  #isClosed = false;

  constructor(options: HistoryLogOptions) {
    this.executionArn = options.executionArn;
    this.#arnText = JSON.stringify(options.executionArn);
    this.#clock = options.clock;
    this.#level = options.level ?? 'ALL';
    this.#includeExecutionData = options.includeExecutionData ?? true;
    this.#deliver = options.deliver;
  }

  /** Records an event and returns its id. Ignored after {@link close}: threads may still unwind then. */
  record(type: EventType, previousId: number, details: EventDetails = {}): number {
    if (this.#isClosed) return this.#lastId;
    this.#lastId += 1;
    if (isLogged(type, this.#level))
      this.#log(type, previousId, this.#includeExecutionData ? details : withoutData(details));
    return this.#lastId;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** The logged events in order. Empty when they are delivered. */
  events(): LogEvent[] {
    return this.#kept.map((event) => toLogEvent(event, this.executionArn));
  }

  #log(type: EventType, previousId: number, details: EventDetails): void {
    const event = { id: this.#lastId, type, previousId, timestampMs: this.#clock.now(), details };
    if (this.#deliver === undefined) this.#kept.push(event);
    else this.#deliver(toLogLine(event, this.#arnText), event.timestampMs);
  }
}

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html} */
function isLogged(type: EventType, level: LogLevel): boolean {
  switch (level) {
    case 'ALL':
      return true;
    case 'ERROR':
      return type === 'FailStateEntered' || /(Failed|TimedOut|Aborted)$/.test(type);
    case 'FATAL':
      return type === 'ExecutionFailed' || type === 'ExecutionTimedOut' || type === 'ExecutionAborted';
    case 'OFF':
      return false;
  }
}

function withoutData(details: EventDetails): EventDetails {
  return details.facts === undefined ? {} : { facts: details.facts };
}
