import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { filteredPages } from '../logs/filtered-pages.ts';
import { type LoggedEvent, parseLoggedEvent } from './log-event.ts';

/** What to read of a log group. */
export interface LogRange {
  readonly logGroupName: string;
  /** A filter pattern of CloudWatch Logs: `{ $.type = "ExecutionStarted" }`. */
  readonly pattern: string;
  /** Milliseconds since the epoch, both included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads the events of a range, the oldest first. Events that are older than `reachedMs` have been read. */
export type ReadLog = (range: LogRange) => AsyncIterable<{ events: readonly LoggedEvent[]; reachedMs: number }>;

/** Reads by {@link filteredPages}. Throws the SDK's errors. */
export function logReader(clients: Pick<AwsClients, 'observation'>): ReadLog {
  return async function* read({ logGroupName, pattern: filterPattern, fromMs: startTime, toMs: endTime }) {
    const pages = filteredPages(clients, { logGroupName, filterPattern, startTime, endTime });
    for await (const { events: found, isLast } of pages) {
      const events = found.flatMap(({ message = '' }) => parseLoggedEvent(message) ?? []);
      const reachedMs = isLast ? endTime : (events.at(-1)?.atMs ?? startTime);
      yield { events, reachedMs };
    }
  };
}
