import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed } from '@tweet-pipes/kit/thrown';
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

/**
 * Reads by FilterLogEvents, page by page. A page may be empty although others follow. A log group that does not exist
 * holds nothing: AWS creates it with the first delivery. Throws the SDK's errors.
 */
export function logReader(clients: Pick<AwsClients, 'observation'>): ReadLog {
  return async function* read({ logGroupName, pattern: filterPattern, fromMs: startTime, toMs: endTime }) {
    const { logs } = await clients.observation();
    let nextToken: string | undefined;
    do {
      const page = await logs
        .send(new FilterLogEventsCommand({ logGroupName, filterPattern, startTime, endTime, nextToken }))
        .catch((error: unknown) => {
          if (isNamed(error, 'ResourceNotFoundException')) return { events: [], nextToken: undefined };
          throw error;
        });
      const events = (page.events ?? []).flatMap(({ message = '' }) => parseLoggedEvent(message) ?? []);
      nextToken = page.nextToken;
      const reachedMs = nextToken === undefined ? endTime : (events.at(-1)?.atMs ?? startTime);
      yield { events, reachedMs };
    } while (nextToken !== undefined);
  };
}
