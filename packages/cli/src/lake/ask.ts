import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { AthenaLake } from '../stack/athena-lakes.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { openResult } from './result.ts';
import { runQuery } from './run-query.ts';

/**
 * The rows of a query as objects, values as Athena prints them. Throws CliError when the query fails, else the SDK's
 * error.
 */
export async function askAthena(
  clients: AwsClients,
  { workGroup, database }: Pick<AthenaLake, 'workGroup' | 'database'>,
  terminal: Pick<Terminal, 'clock' | 'progress' | 'interruptible'>,
  sql: string,
): Promise<Record<string, string | null>[]> {
  const { athena } = await clients.lake();
  const request = { workGroup, database, sql, parameters: [] };
  const finished = await runQuery(athena, request, terminal, terminal.interruptible());
  const { columns, rows } = await openResult(athena, finished);
  const found: Record<string, string | null>[] = [];
  for await (const row of rows) {
    found.push(Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
  }
  return found;
}
