import { paginateGetTables } from '@aws-sdk/client-glue';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { AthenaConnection } from '../stack/connect.ts';

/**
 * Runs SQL of the user's own in the first lake. If it fails for a table that another lake has, the message says how to
 * ask that one. Throws what `work` throws.
 */
export async function withTableHint<T>(connection: AthenaConnection, sql: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CliError) || !/TABLE_NOT_FOUND|does not exist/.test(error.message)) throw error;
    const table = await tableOfOtherLake(connection, sql);
    if (table === undefined) throw error;
    throw new CliError(`${error.message}\nThe sales lake has ${table}: add --sales.`, {
      exitCode: error.exitCode,
      cause: error,
    });
  }
}

/** A table or view that the SQL names and a lake behind the first one has. */
async function tableOfOtherLake({ clients, lakes }: AthenaConnection, sql: string): Promise<string | undefined> {
  const { glue } = await clients.lake();
  const words = new Set(sql.toLowerCase().match(/\w+/g));
  for (const { database } of lakes.slice(1)) {
    for await (const { TableList = [] } of paginateGetTables({ client: glue }, { DatabaseName: database })) {
      const found = TableList.find(({ Name = '' }) => words.has(Name));
      if (found !== undefined) return found.Name;
    }
  }
  return undefined;
}
