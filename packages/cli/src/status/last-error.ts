import type { Fact } from '@tweet-pipes/console/fact';
import type { LoggedError } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import { filteredPages } from '../logs/filtered-pages.ts';
import { logGroupNameOf } from '../logs/log-group-name.ts';
import { factOf } from './known.ts';

/** Where errors are logged. */
export interface ErrorLog {
  /** Undefined where nothing is logged. */
  logGroupName: string | undefined;
  /** Of the events that are errors, a filter pattern of CloudWatch Logs. */
  pattern: string;
}

/** Where a pipe logs its errors, by the ARN of its log group. */
export function errorLogOfPipe(logGroupArn: string | undefined): ErrorLog {
  return { logGroupName: logGroupArn && logGroupNameOf(logGroupArn), pattern: '{ $.logLevel = "ERROR" }' };
}

/** Events of executions that failed. */
export const failedExecutions = '{ $.type = "ExecutionFailed" || $.type = "ExecutionTimedOut" }';

/** Events of tasks that failed, which the workflow may retry. */
export const failedTasks = '{ $.type = "TaskFailed" || $.type = "TaskTimedOut" }';

/** Pages that are read; a page of AWS may be empty although others follow. */
const mostPages = 5;
const longestText = 300;
/** Of a denied call, whose sentence ends with the reason. ARNs have up to 2,048 characters. */
const longestDenial = 5_000;

/** The last error of the last minutes; undefined where none is logged. */
export async function readLastError(
  { clients, clock }: { clients: AwsClients; clock: Clock },
  log: ErrorLog,
  minutes: number,
): Promise<Fact<LoggedError> | undefined> {
  return factIfAny(() => lastErrorIn(clients, log, { startTime: clock.now() - minutes * 60_000 }));
}

/** The last error that was logged in the minute before a moment; undefined where none is. Throws the SDK's errors. */
export function errorBefore(
  clients: Pick<AwsClients, 'observation'>,
  log: ErrorLog,
  atMs: number,
): Promise<LoggedError | undefined> {
  return lastErrorIn(clients, log, { startTime: atMs - 60_000, endTime: atMs });
}

/** A fact of what may not be there. */
export async function factIfAny<T>(read: () => Promise<T | undefined>): Promise<Fact<T> | undefined> {
  const fact = await factOf(read);
  if (!fact.known) return fact;
  return fact.value === undefined ? undefined : { known: true, value: fact.value };
}

async function lastErrorIn(
  clients: Pick<AwsClients, 'observation'>,
  { logGroupName, pattern: filterPattern }: ErrorLog,
  range: { startTime: number; endTime?: number },
): Promise<LoggedError | undefined> {
  if (logGroupName === undefined) return undefined;
  let last: LoggedError | undefined;
  let pages = 0;
  for await (const { events } of filteredPages(clients, { logGroupName, filterPattern, ...range })) {
    for (const { timestamp = 0, message = '' } of events) {
      const text = errorText(message);
      if (text !== undefined) last = { at: new Date(timestamp).toISOString(), text };
    }
    pages += 1;
    if (pages === mostPages) break;
  }
  return last;
}

/** The error of an event of a workflow or of a record of a pipe's log. */
export function errorText(message: string): string | undefined {
  const event = parseJson(message);
  if (!isJsonObject(event)) return undefined;
  const { details, error } = event;
  const [name, why] = isJsonObject(error)
    ? [error.message, error.details]
    : isJsonObject(details)
      ? [details.error, details.cause]
      : [];
  const parts = [name, why].filter((part) => typeof part === 'string' && part !== '');
  if (parts.length === 0) return undefined;
  const text = parts.join(': ');
  return text.slice(0, text.includes('is not authorized to perform: ') ? longestDenial : longestText);
}
