import type { ExecutionStatus, ExecutionSummary } from '@tweet-pipes/console/api';
import { parseJson } from '@tweet-pipes/kit/json';
import { type LoggedEvent, textOf } from './log-event.ts';

/** The pattern of the events that a list is made of. */
export const EXECUTION_EVENTS = '{ $.type = "Execution*" }';

/** An Express workflow runs for five minutes at most. Its last events may come a little later. */
const LONGEST_MS = 6 * 60_000;

type Found = Omit<ExecutionSummary, 'status'> & { end?: Exclude<ExecutionStatus, 'running' | 'lost'>; version: number };

/**
 * Executions as their start and end events tell them, at most `capacity` of the latest. Events may come in any order
 * and more than once.
 */
export class ExecutionCollection {
  readonly #capacity: number;
  readonly #found = new Map<string, Found>();
  #version = 0;
  /** Executions that began before were dropped. */
  #droppedBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Whether older executions were left out. */
  get isCapped(): boolean {
    return this.#droppedBeforeMs > Number.NEGATIVE_INFINITY;
  }

  /** When the oldest one that was kept began; of use once it is capped. */
  get droppedBeforeMs(): number {
    return this.#droppedBeforeMs;
  }

  add(events: readonly LoggedEvent[]): void {
    for (const event of events) this.#add(event);
    if (this.#found.size > this.#capacity * 1.1) this.#dropOldest();
  }

  /** The executions that changed after `version`, and those without an end, in no order. 0: all. */
  changedSince(version: number, nowMs: number): ExecutionSummary[] {
    const changed: ExecutionSummary[] = [];
    for (const found of this.#found.values()) {
      // What runs becomes lost by time alone.
      if (found.version > version || found.end === undefined) changed.push(summary(found, nowMs));
    }
    return changed;
  }

  #add({ executionArn: arn, type, atMs, details }: LoggedEvent): void {
    const before = this.#found.get(arn);
    const change =
      type === 'ExecutionStarted'
        ? started(atMs, textOf(details, 'input'))
        : ended(type, atMs, textOf(details, 'error'));
    if (change === undefined) return;
    if (before === undefined && atMs < this.#droppedBeforeMs) return;
    if (before !== undefined && Object.entries(change).every(([name, value]) => Reflect.get(before, name) === value))
      return;
    this.#version += 1;
    this.#found.set(arn, { arn, ...before, ...change, version: this.#version });
  }

  #dropOldest(): void {
    const byAge = [...this.#found.values()].sort((a, b) => timeOf(b) - timeOf(a));
    for (const { arn } of byAge.slice(this.#capacity)) this.#found.delete(arn);
    const oldest = byAge[this.#capacity - 1];
    if (oldest !== undefined) this.#droppedBeforeMs = timeOf(oldest);
  }
}

function started(startMs: number, input: string | undefined): Partial<Found> {
  const parsed = input?.startsWith('[') ? parseJson(input) : undefined; // One that was cut does not parse.
  return { startMs, ...(Array.isArray(parsed) ? { records: parsed.length } : {}) };
}

function ended(type: string, endMs: number, error: string | undefined): Partial<Found> | undefined {
  const end = executionEnd(type);
  return end && { endMs, end, ...(error === undefined ? {} : { error }) };
}

/** How an execution ended, by the type of its last event; undefined for any other event. */
export function executionEnd(type: string): Exclude<ExecutionStatus, 'running' | 'lost'> | undefined {
  switch (type) {
    case 'ExecutionSucceeded':
      return 'succeeded';
    case 'ExecutionFailed':
      return 'failed';
    case 'ExecutionTimedOut':
      return 'timedOut';
    case 'ExecutionAborted':
      return 'aborted';
    default:
      return undefined;
  }
}

/** The status of an execution whose end is not in the log. */
export function openStatus(startMs: number | undefined, nowMs: number): 'running' | 'lost' {
  return startMs === undefined || nowMs - startMs > LONGEST_MS ? 'lost' : 'running';
}

function summary({ end, version: _, ...found }: Found, nowMs: number): ExecutionSummary {
  const error = end === 'timedOut' ? { error: found.error ?? 'States.Timeout' } : {};
  return { ...found, status: end ?? openStatus(found.startMs, nowMs), ...error };
}

function timeOf({ startMs, endMs }: Found): number {
  return startMs ?? endMs ?? 0;
}
