import { type AthenaClient, BatchGetNamedQueryCommand, paginateListNamedQueries } from '@aws-sdk/client-athena';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { closestMatch } from 'leven';

/** A query that is kept in a workgroup. */
export interface NamedQuery {
  name: string;
  description: string;
  workGroup: string;
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
      queries.push({ name: Name, description: Description, workGroup, database: Database, sql: QueryString });
    }
  }
  return queries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The query of that name in one of the workgroups. Throws CliError that names the closest one and all others. */
export async function findNamedQuery(
  athena: AthenaClient,
  workGroups: readonly string[],
  name: string,
): Promise<NamedQuery> {
  const queries: NamedQuery[] = [];
  for (const workGroup of workGroups) queries.push(...(await namedQueries(athena, workGroup)));
  const found = queries.find((query) => query.name === name);
  if (found !== undefined) return found;
  const where = `the ${workGroups.length === 1 ? 'workgroup' : 'workgroups'} ${workGroups.join(' and ')}`;
  const names = queries.map((query) => query.name);
  if (names.length === 0) throw new CliError(`There are no named queries in ${where}.`);
  throw new CliError(
    `There is no query ${JSON.stringify(name)} in ${where}. Did you mean ${closestMatch(name.toLowerCase(), names)}? There are ${names.join(', ')}. Own SQL goes into --sql.`,
  );
}
