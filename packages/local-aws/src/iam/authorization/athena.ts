import { type Asked, anything, arnOf, type ResourceOf, type Row, type Rows, sameAction, textOf } from './asked.ts';

const DEFAULT_WORK_GROUP = 'primary';

const workGroupArn = (asked: Asked, name: string): string => arnOf(asked, 'athena', `workgroup/${name}`);
const named = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

const onWorkGroup: ResourceOf = (asked) => workGroupArn(asked, named(asked.input.WorkGroup, DEFAULT_WORK_GROUP));
const onNamedWorkGroup: ResourceOf = (asked) => workGroupArn(asked, textOf(asked.input.Name));
const onCatalog: ResourceOf = (asked) =>
  arnOf(asked, 'athena', `datacatalog/${named(asked.input.CatalogName ?? asked.input.Name, 'AwsDataCatalog')}`);
const onResourceArn: ResourceOf = ({ input }) => textOf(input.ResourceARN);

/** Tells the work groups of executions and named queries by their ids. */
export interface WorkGroupsOf {
  execution(id: string): string | undefined;
  namedQuery(id: string): string | undefined;
}

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html. An id that is not there
 * asks for the right on every work group, so that a caller without it learns nothing.
 */
export function athenaRows(workGroups: WorkGroupsOf): Rows {
  const ofIds =
    (find: (id: string) => string | undefined, one: string, many: string): ResourceOf =>
    (asked) => {
      const ids = Array.isArray(asked.input[many]) ? asked.input[many] : [asked.input[one]];
      return [...new Set(ids.map((id) => workGroupArn(asked, find(textOf(id)) ?? '*')))];
    };
  const onExecution = ofIds(workGroups.execution, 'QueryExecutionId', 'QueryExecutionIds');
  const onQuery = ofIds(workGroups.namedQuery, 'NamedQueryId', 'NamedQueryIds');
  const rows: Record<string, Row> = {
    ...sameAction('athena', onWorkGroup, [
      ...['BatchGetPreparedStatement', 'CreateNamedQuery', 'DeleteWorkGroup', 'GetWorkGroup', 'ListNamedQueries'],
      ...['ListQueryExecutions', 'StartQueryExecution', 'UpdateWorkGroup', 'ListPreparedStatements'],
      ...['CreatePreparedStatement', 'DeletePreparedStatement', 'GetPreparedStatement', 'UpdatePreparedStatement'],
    ]),
    ...sameAction('athena', onNamedWorkGroup, ['CreateWorkGroup']),
    ...sameAction('athena', onExecution, [
      ...['BatchGetQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'GetQueryRuntimeStatistics'],
      'StopQueryExecution',
    ]),
    ...sameAction('athena', onQuery, ['BatchGetNamedQuery', 'DeleteNamedQuery', 'GetNamedQuery', 'UpdateNamedQuery']),
    ...sameAction('athena', onCatalog, [
      ...['GetDataCatalog', 'GetDatabase', 'GetTableMetadata', 'ListDatabases', 'ListTableMetadata'],
    ]),
    ...sameAction('athena', onResourceArn, ['ListTagsForResource', 'TagResource', 'UntagResource']),
    ...sameAction('athena', anything, ['ListDataCatalogs', 'ListEngineVersions', 'ListWorkGroups']),
  };
  return rows;
}
