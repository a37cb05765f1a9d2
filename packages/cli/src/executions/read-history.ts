import { executionEnd } from './execution-list.ts';
import type { LoggedEvent } from './log-event.ts';
import type { LogRange, ReadLog } from './read-log.ts';

/** Express workflows run for five minutes at most. */
const LONGEST_MS = 5 * 60_000;
/** Events of one execution can come from several machines, whose clocks differ. */
const MARGIN_MS = 10_000;
const HOUR_MS = 3_600_000;

/** All events of one execution, sorted and each once. */
export interface History {
  readonly events: readonly LoggedEvent[];
  /** Whether the first event is among them. Events of a level below ALL, or that were trimmed, are missing. */
  readonly isWhole: boolean;
}

/** Where to look for an execution. */
export interface HistoryRequest {
  readonly logGroupName: string;
  readonly executionArn: string;
  /** When it began, milliseconds since the epoch. Undefined: the log is read backwards until it is found. */
  readonly atMs?: number;
  /** The current time. */
  readonly nowMs: number;
}

/** Reads the events of an execution. Empty when the log has none. Throws what reading throws. */
export async function readHistory(read: ReadLog, request: HistoryRequest): Promise<History> {
  const { atMs, nowMs } = request;
  if (atMs !== undefined) return readRange(read, request, atMs - MARGIN_MS, atMs + LONGEST_MS + MARGIN_MS);
  let toMs = nowMs + MARGIN_MS;
  for (let spanMs = HOUR_MS; toMs > 0; spanMs *= 8) {
    const fromMs = Math.max(0, toMs - spanMs);
    const history = await readRange(read, request, fromMs, toMs);
    // It may begin in the part before.
    if (history.events.length > 0)
      return history.isWhole ? history : readRange(read, request, fromMs - LONGEST_MS, toMs);
    toMs = fromMs;
  }
  return { events: [], isWhole: false };
}

async function readRange(read: ReadLog, request: HistoryRequest, fromMs: number, toMs: number): Promise<History> {
  const range: LogRange = {
    logGroupName: request.logGroupName,
    pattern: `{ $.execution_arn = ${JSON.stringify(request.executionArn)} }`,
    fromMs: Math.max(0, fromMs),
    toMs,
  };
  const byId = new Map<number, LoggedEvent>();
  for await (const { events } of read(range)) {
    for (const event of events) byId.set(event.id, event);
    if (events.some(({ type }) => executionEnd(type) !== undefined) && isGapless(byId)) break; // Nothing comes after it.
  }
  const events = [...byId.values()].sort((a, b) => a.id - b.id);
  return { events, isWhole: events[0]?.id === 1 };
}

function isGapless(byId: ReadonlyMap<number, LoggedEvent>): boolean {
  return byId.has(1) && byId.has(byId.size);
}
