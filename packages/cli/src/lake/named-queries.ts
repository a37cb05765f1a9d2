import { type AthenaClient, BatchGetNamedQueryCommand, paginateListNamedQueries } from '@aws-sdk/client-athena';
import { closestMatch } from 'leven';
import { CliError } from '../cli-error.ts';

/** A query that is kept in a workgroup. */
export interface NamedQuery {
  name: string;
  description: string;
  database: string;
  sql: string;
}

/** The most that BatchGetNamedQuery takes. */
const batchSize = 50;

/** The named queries of a workgroup, by name. */
export async function namedQueries(athena: AthenaClient, workGroup: string): Promise<NamedQuery[]> {
  const queries: NamedQuery[] = [];
  const ids: string[] = [];
  const pages = paginateListNamedQueries({ client: athena }, { WorkGroup: workGroup });
  for await (const { NamedQueryIds = [] } of pages) ids.push(...NamedQueryIds);
  for (let at = 0; at < ids.length; at += batchSize) {
    const command = new BatchGetNamedQueryCommand({ NamedQueryIds: ids.slice(at, at + batchSize) });
    for (const { Name, Description = '', Database = '', QueryString } of (await athena.send(command)).NamedQueries ??
      []) {
      if (Name === undefined || QueryString === undefined) continue;
      queries.push({ name: Name, description: Description, database: Database, sql: QueryString });
    }
  }
  return queries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The query of that name. Throws CliError that names the closest one and all others. */
export async function findNamedQuery(athena: AthenaClient, workGroup: string, name: string): Promise<NamedQuery> {
  const queries = await namedQueries(athena, workGroup);
  const found = queries.find((query) => query.name === name);
  if (found !== undefined) return found;
  const names = queries.map((query) => query.name);
  if (names.length === 0) throw new CliError(`The workgroup ${workGroup} has no named queries.`);
  throw new CliError(
    `There is no query ${JSON.stringify(name)} in the workgroup ${workGroup}. Did you mean ${closestMatch(name.toLowerCase(), names)}? It has ${names.join(', ')}. Own SQL goes into --sql.`,
  );
}
