import { Writable } from 'node:stream';
import type { ListedQuery, QueryOrder, QueryOutcome } from '@tweet-pipes/console/views/queries/api';
import { namedQueries } from '../../lake/named-queries.ts';
import { openResult } from '../../lake/result.ts';
import { queryCostSentence, runQuery } from '../../lake/run-query.ts';
import { notFound } from '../api-error.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { Deployment } from './deployment.ts';

/** Rows of one answer. */
const mostRows = 1_000;
/** A query that takes longer is stopped: Athena has scanned a lot by then. */
const longestQueryMs = 60_000;

type QueryContext = Pick<ConsoleContext, 'clients' | 'clock' | 'endpoint'>;

/** The named queries of the lakes that are there. Throws the SDK's error. */
export async function listQueries({ clients }: QueryContext, { lake, sales }: Deployment): Promise<ListedQuery[]> {
  const lakes = [
    ...(lake === undefined ? [] : [{ name: 'tweets' as const, workGroup: lake.WorkGroupName }]),
    ...(sales === undefined ? [] : [{ name: 'sales' as const, workGroup: sales.SalesWorkGroupName }]),
  ];
  if (lakes.length === 0) return [];
  const { athena } = await clients.lake();
  const found = await Promise.all(
    lakes.map(async ({ name, workGroup }) =>
      (await namedQueries(athena, workGroup)).map((query) => ({
        ...{ lake: name, name: query.name, description: query.description },
        ...{ sql: query.sql, workGroup },
      })),
    ),
  );
  return found.flat();
}

/**
 * Runs a named query and reads the first thousand rows of its result. Throws ApiError for a query that is not there,
 * CliError when it fails or takes longer than a minute, else the SDK's error.
 */
export async function runNamedQuery(
  context: QueryContext,
  deployment: Deployment,
  { lake, name }: QueryOrder,
): Promise<QueryOutcome> {
  const known = (await listQueries(context, deployment)).find((query) => query.lake === lake && query.name === name);
  if (known === undefined) throw notFound(`There is no query ${JSON.stringify(name)} in this lake.`);
  const database = lake === 'tweets' ? deployment.lake?.LakeDatabaseName : deployment.sales?.SalesDatabaseName;
  const { clients, clock, endpoint } = context;
  const { athena } = await clients.lake();
  const request = { workGroup: known.workGroup, database: database ?? '', sql: known.sql, parameters: [] };
  const [late, over] = [new AbortController(), new AbortController()];
  void clock.sleep(longestQueryMs, over.signal).then(() => late.abort());
  const finished = await runQuery(athena, request, { clock, progress: nowhere() }, late.signal).finally(() =>
    over.abort(),
  );
  const { columns, rows } = await openResult(athena, finished);
  const kept: (readonly (string | null)[])[] = [];
  let hasMore = false;
  for await (const row of rows) {
    if (kept.length === mostRows) {
      hasMore = true;
      break;
    }
    kept.push(row);
  }
  const cost = queryCostSentence(finished.execution, endpoint);
  return { columns, rows: kept, hasMore, cost, executionId: finished.id };
}

/** The page shows that it waits. */
function nowhere(): NodeJS.WritableStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
