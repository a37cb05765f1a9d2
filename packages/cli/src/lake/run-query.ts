import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetWorkGroupCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { dataSize, printable, type Terminal } from '../terminal/terminal.ts';
import { queryCostUsd } from './query-cost.ts';
import { watch } from './watch.ts';

/** SQL to run. */
export interface QueryRequest {
  workGroup: string;
  database: string;
  sql: string;
  /** For the `?` of the SQL, as literals: `5`, `'text'`, `DATE '2026-11-20'`. */
  parameters: readonly string[];
}

/** A query that has succeeded. */
export interface FinishedQuery {
  id: string;
  execution: QueryExecution;
}

/**
 * Runs a query until it has succeeded, with a progress line. When the signal aborts it stops the query at Athena.
 * Throws CliError with exit code 2 when it failed or was cancelled, else the SDK's error.
 */
export async function runQuery(
  athena: AthenaClient,
  { workGroup, database, sql, parameters }: QueryRequest,
  terminal: Pick<Terminal, 'clock' | 'progress'>,
  signal: AbortSignal,
): Promise<FinishedQuery> {
  const started = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workGroup,
      QueryExecutionContext: { Database: database },
      ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
    }),
  );
  const id = started.QueryExecutionId ?? '';
  const watched = {
    label: 'The query runs:',
    look: async (): Promise<QueryExecution> =>
      (await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))).QueryExecution ?? {},
    isOver: ({ Status }: QueryExecution) => Status?.State !== 'QUEUED' && Status?.State !== 'RUNNING',
    note: ({ Status, Statistics }: QueryExecution) =>
      Status?.State === 'QUEUED' ? ', still queued' : `, ${dataSize(Statistics?.DataScannedInBytes ?? 0)} scanned`,
  };
  let execution = await watch(terminal, watched, signal);
  if (!watched.isOver(execution)) {
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    execution = await watch(terminal, { ...watched, label: 'The query stops:' }, new AbortController().signal);
  }
  if (execution.Status?.State === 'SUCCEEDED') return { id, execution };
  throw new CliError(await whyNot(athena, execution, { workGroup, parameters }), { exitCode: 2 });
}

/** What a query took, in a sentence. `endpoint` is undefined for AWS itself. */
export function queryCostSentence({ StatementType, Statistics }: QueryExecution, endpoint: string | undefined): string {
  const bytes = Statistics?.DataScannedInBytes ?? 0;
  const seconds = ((Statistics?.TotalExecutionTimeInMillis ?? 0) / 1000).toFixed(1);
  const scanned = `${seconds} s, ${dataSize(bytes)} scanned`;
  if (StatementType !== 'DML') return `${scanned}, free of charge.`;
  const usd = `${usdText(queryCostUsd(bytes))} USD`;
  const rule = '5 USD a TB, at least 10 MB a query';
  return endpoint === undefined ? `${scanned}: ${usd} (${rule}).` : `${scanned}: free here, ${usd} on AWS (${rule}).`;
}

/** Enough digits for the smallest price of a query, and cents from a dollar on. */
function usdText(usd: number): string {
  return usd < 1 ? Number(usd.toPrecision(2)).toFixed(5) : usd.toFixed(2);
}

async function whyNot(
  athena: AthenaClient,
  { Status, Statistics }: QueryExecution,
  { workGroup, parameters }: Pick<QueryRequest, 'workGroup' | 'parameters'>,
): Promise<string> {
  const reason = printable(Status?.StateChangeReason ?? 'Athena gives no reason.');
  if (Status?.State === 'CANCELLED') {
    const bytes = Statistics?.DataScannedInBytes ?? 0;
    if (/bytes scanned limit/i.test(reason)) {
      const limit = await scanLimit(athena, workGroup);
      return `Athena cancelled the query: it scans more than the workgroup ${workGroup} allows${limit}. Name the hours that you want (WHERE datehour >= '2026/11/20/00'), or deploy with a larger tweetPipes:queryScanLimitMebibytes.`;
    }
    return `The query was stopped after it had scanned ${dataSize(bytes)}${bytes > 0 ? ', which AWS bills' : ''}. ${reason}`;
  }
  const isParameterMissing = parameters.length === 0 && reason.includes('Incorrect number of parameters');
  const hint =
    isParameterMissing || parameters.some(isBareWord)
      ? "\nGive each ? of the query a --param, a literal of SQL: a text stands in quotes inside of the shell's, --param \"'text'\"."
      : '';
  return `The query failed: ${reason}${hint}`;
}

/** `, 500 MB`; empty where the workgroup may not be read. */
async function scanLimit(athena: AthenaClient, workGroup: string): Promise<string> {
  const found = await athena.send(new GetWorkGroupCommand({ WorkGroup: workGroup })).catch(() => undefined);
  const bytes = found?.WorkGroup?.Configuration?.BytesScannedCutoffPerQuery;
  return bytes === undefined ? '' : ` (${dataSize(bytes)})`;
}

/** A text without the quotes that SQL wants. */
function isBareWord(parameter: string): boolean {
  return /^[^\d'+-][^'(]*$/.test(parameter) && !/^(true|false|null)$/i.test(parameter);
}
