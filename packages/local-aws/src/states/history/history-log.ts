import type { Clock } from '@tweet-pipes/kit/clock';
import {
  type EventDetails,
  type EventType,
  type LogEvent,
  logLineBytes,
  type StoredEvent,
  toLogEvent,
} from './log-event.ts';

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';

export interface HistoryLogOptions {
  executionArn: string;
  clock: Clock;
  /** Default ALL. */
  level?: LogLevel;
  /** Default true. */
  includeExecutionData?: boolean;
  /** Called with the bytes of each event that is kept. */
  onKept?: (bytes: number) => void;
  /** Called with the bytes of each line that CloudWatch would get. */
  onLogged?: (bytes: number) => void;
}

/**
 * The events of one execution, numbered from 1. Keeps those that the log level includes. Closed when the execution
 * ends.
 */
export class HistoryLog {
  readonly executionArn: string;
  readonly #clock: Clock;
  readonly #level: LogLevel;
  readonly #includeExecutionData: boolean;
  readonly #onKept: (bytes: number) => void;
  readonly #onLogged: (bytes: number) => void;
  #kept: (StoredEvent | undefined)[] = [];
  #firstKept = 0;
  #lastId = 0;
  #isClosed = false;

  constructor(options: HistoryLogOptions) {
    this.executionArn = options.executionArn;
    this.#clock = options.clock;
    this.#level = options.level ?? 'ALL';
    this.#includeExecutionData = options.includeExecutionData ?? true;
    this.#onKept = options.onKept ?? (() => {});
    this.#onLogged = options.onLogged ?? (() => {});
  }

  /** Records an event and returns its id. Ignored after {@link close}: threads may still unwind then. */
  record(type: EventType, previousId: number, details: EventDetails = {}): number {
    if (this.#isClosed) return this.#lastId;
    this.#lastId += 1;
    if (isLogged(type, this.#level))
      this.#keep(type, previousId, this.#includeExecutionData ? details : withoutData(details));
    return this.#lastId;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Drops the oldest event. Returns its bytes, or undefined when no event is left. */
  dropOldest(): number | undefined {
    const oldest = this.#kept[this.#firstKept];
    if (oldest === undefined) return undefined;
    this.#kept[this.#firstKept] = undefined;
    this.#firstKept += 1;
    if (this.#firstKept > 1_000 && this.#firstKept * 2 > this.#kept.length) {
      this.#kept = this.#kept.slice(this.#firstKept);
      this.#firstKept = 0;
    }
    return oldest.bytes;
  }

  /** Drops all events. Returns their bytes. */
  drop(): number {
    let bytes = 0;
    for (const event of this.#kept) bytes += event?.bytes ?? 0;
    this.#kept = [];
    this.#firstKept = 0;
    return bytes;
  }

  /** The kept events in order, as CloudWatch Logs would hold them. */
  events(): LogEvent[] {
    return this.#kept.flatMap((event) => (event === undefined ? [] : [toLogEvent(event, this.executionArn)]));
  }

  #keep(type: EventType, previousId: number, details: EventDetails): void {
    const event = { id: this.#lastId, type, previousId, timestampMs: this.#clock.now(), details };
    const bytes = logLineBytes(event, this.executionArn);
    this.#kept.push({ ...event, bytes });
    this.#onLogged(bytes);
    this.#onKept(bytes);
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
