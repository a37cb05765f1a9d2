import { join } from 'node:path';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, Operation, RequestContext } from '../gateway/local-service.ts';
import type { Part } from '../lifecycle.ts';
import type { RuntimeContext } from '../runtime-context.ts';
import { AthenaState, statementKey } from './athena-state.ts';
import { describeColumn, describeExecution, describeWorkGroup } from './describe.ts';
import { defaultBounds, type EngineBounds, QueryEngine } from './engine/query-engine.ts';
import { invalidRequest, offsetOf, pageOf, parseInput } from './errors.ts';
import { parseExecute, withParameters } from './parameters.ts';
import { QueryRunner } from './query-runner.ts';
import { parseLocation, readLines, readRows } from './result-file.ts';
import { type Execution, inputs, type NamedQuery, type PreparedStatement, type WorkGroup } from './shapes.ts';
import { QueryError } from './sql/query-error.ts';
import { CATALOG, isCatalogStatement } from './statement-kinds.ts';

/** State is kept in `<dataFolder>/athena/`, and copies of objects while queries run. */
export interface AthenaServiceOptions
  extends Pick<RuntimeContext, 'clock' | 'random' | 'dataFolder' | 'meter' | 'metrics'> {
  /**
   * Clients for Glue and S3 in the name of who started the query: Athena has no rights of its own. Called at each
   * query, since the endpoint starts after this service is created.
   */
  clients: (caller: Pick<RequestContext, 'accessKeyId'>) => AwsClients;
  /** Bounds of queries, for tests. Default: {@link defaultBounds}. */
  bounds?: Partial<EngineBounds>;
}

/** Queries that may be queued or run, https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
const MOST_ACTIVE = 200;
const catalogSummary = { CatalogName: CATALOG, Type: 'GLUE', Status: 'CREATE_COMPLETE' };

/** Athena, and what rights depend on: the workgroups of executions and named queries by their ids. */
export interface AthenaService extends LocalService, Part {
  readonly workGroups: {
    execution(id: string): string | undefined;
    namedQuery(id: string): string | undefined;
  };
}

/**
 * Athena for queries that read: SELECT over tables and views of the Glue catalog, whose objects are in S3. DuckDB runs
 * them in a process of its own, which starts with the first query (docs/adr/0043). `start` reads the state.
 */
export function createAthenaService(options: AthenaServiceOptions): AthenaService {
  const { clock, random, clients, meter, metrics } = options;
  const folder = join(options.dataFolder, 'athena');
  const engine = new QueryEngine({ clock, folder, bounds: { ...defaultBounds, ...options.bounds } });
  let opened: { state: AthenaState; runner: QueryRunner } | undefined;
  const parts = () => {
    if (opened === undefined) throw new AwsError('InternalServerException', 'Athena is starting.', { statusCode: 500 });
    return opened;
  };

  const operation =
    <T>(
      schema: z.ZodType<T>,
      run: (input: T, state: AthenaState, context: RequestContext) => object | Promise<object>,
    ): Operation =>
    async (input, context) =>
      run(parseInput(schema, input), parts().state, context);
  /** An operation that changes the state. Its answer comes when the change is on disk. */
  const change = <T>(
    schema: z.ZodType<T>,
    run: (input: T, state: AthenaState, context: RequestContext) => object,
  ): Operation =>
    operation(schema, async (input, state, context) => {
      const answer = run(input, state, context);
      await state.save();
      return answer;
    });

  const start = (
    input: z.infer<typeof inputs.StartQueryExecution>,
    state: AthenaState,
    context: RequestContext,
  ): object => {
    const { ClientRequestToken: token, WorkGroup: groupName, ExecutionParameters: parameters } = input;
    const known = token === undefined ? undefined : [...state.executions.values()].find((each) => each.token === token);
    if (known !== undefined) {
      if (known.query !== input.QueryString) throw invalidRequest('Idempotent parameters do not match');
      return { QueryExecutionId: known.id };
    }
    const group = state.workGroup(groupName);
    if (group.state === 'DISABLED') throw invalidRequest(`WorkGroup ${groupName} is disabled.`);
    if (parts().runner.active >= MOST_ACTIVE) {
      throw new AwsError(
        'TooManyRequestsException',
        'You have exceeded the limit for the number of queries you can run.',
      );
    }
    const { Database, Catalog } = input.QueryExecutionContext ?? {};
    if (Catalog !== undefined && Catalog.toLowerCase() !== CATALOG.toLowerCase()) {
      throw invalidRequest(`The catalog ${Catalog} is not supported by the local Athena, which has ${CATALOG}.`);
    }
    const id = random.uuid();
    const isText = isCatalogStatement(input.QueryString);
    const location = outputOf(group, input.ResultConfiguration?.OutputLocation);
    const execution: Execution = {
      id,
      query: input.QueryString,
      token,
      workGroup: groupName,
      database: Database?.toLowerCase(),
      catalog: Catalog?.toLowerCase(),
      parameters,
      statementType: isText ? 'UTILITY' : 'DML',
      output: `${location.replace(/\/?$/, '/')}${id}.${isText ? 'txt' : 'csv'}`,
      state: 'QUEUED',
      submittedMs: clock.now(),
      scannedBytes: 0,
    };
    parseLocation(execution.output);
    state.addExecution(execution);
    try {
      const sql = statementOf(state, groupName, input.QueryString, parameters);
      parts().runner.submit(execution, sql, group.configuration.BytesScannedCutoffPerQuery, context);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      Object.assign(execution, { state: 'FAILED', reason: error.message, completedMs: clock.now() });
    }
    return { QueryExecutionId: id };
  };

  const results = async (
    { QueryExecutionId, NextToken, MaxResults }: z.infer<typeof inputs.GetQueryResults>,
    state: AthenaState,
    context: RequestContext,
  ) => {
    const execution = state.execution(QueryExecutionId);
    const { s3 } = clients(context);
    const { columns = [], output } = execution;
    if (execution.state === 'QUEUED' || execution.state === 'RUNNING') {
      throw invalidRequest(`Query has not yet finished. Current state: ${execution.state}`);
    }
    if (execution.state !== 'SUCCEEDED') {
      throw invalidRequest(`Query did not finish successfully. Final query state: ${execution.state}`);
    }
    const at = offsetOf(NextToken);
    const most = MaxResults || 1000;
    const page = output.endsWith('.txt')
      ? linePage(await readLines(s3, output), at, most)
      : await readRows(s3, output, at, most);
    return {
      UpdateCount: 0,
      ResultSet: {
        Rows: page.rows.map((row) => ({
          Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })),
        })),
        ResultSetMetadata: { ColumnInfo: columns.map(describeColumn) },
      },
      ...(page.next !== undefined && { NextToken: String(page.next) }),
    };
  };

  /** Loaded when it is first asked, with the client of Glue. */
  const dataCatalog = async (context: RequestContext) => {
    const { DataCatalog } = await import('./catalog/data-catalog.ts');
    return new DataCatalog((await clients(context).lake()).glue);
  };

  return {
    signingName: 'athena',
    operations: {
      StartQueryExecution: change(inputs.StartQueryExecution, start),
      StopQueryExecution: operation(inputs.QueryExecution, async ({ QueryExecutionId }, state) => {
        await parts().runner.cancel(state.execution(QueryExecutionId));
        return {};
      }),
      GetQueryExecution: operation(inputs.QueryExecution, ({ QueryExecutionId }, state) => ({
        QueryExecution: describeExecution(state.execution(QueryExecutionId)),
      })),
      BatchGetQueryExecution: operation(inputs.BatchGetQueryExecution, ({ QueryExecutionIds }, { executions }) => ({
        QueryExecutions: QueryExecutionIds.flatMap((id) => executions.get(id) ?? []).map(describeExecution),
        UnprocessedQueryExecutionIds: unknownIds(QueryExecutionIds, executions, 'QueryExecutionId'),
      })),
      ListQueryExecutions: operation(inputs.ListQueryExecutions, ({ WorkGroup, ...page }, state) => {
        state.workGroup(WorkGroup);
        const ofGroup = [...state.executions.values()].filter((each) => each.workGroup === WorkGroup).reverse();
        const { items, ...rest } = pageOf(ofGroup, page);
        return { QueryExecutionIds: items.map(({ id }) => id), ...rest };
      }),
      GetQueryResults: operation(inputs.GetQueryResults, results),

      CreateNamedQuery: change(inputs.CreateNamedQuery, ({ ClientRequestToken: _, ...query }, state) => {
        state.workGroup(query.WorkGroup);
        const NamedQueryId = random.uuid();
        state.namedQueries.set(NamedQueryId, { NamedQueryId, ...query });
        return { NamedQueryId };
      }),
      UpdateNamedQuery: change(inputs.UpdateNamedQuery, (update, state) => {
        Object.assign(namedQueryOf(state, update.NamedQueryId), update);
        return {};
      }),
      GetNamedQuery: operation(inputs.NamedQuery, ({ NamedQueryId }, state) => ({
        NamedQuery: namedQueryOf(state, NamedQueryId),
      })),
      BatchGetNamedQuery: operation(inputs.BatchGetNamedQuery, ({ NamedQueryIds }, { namedQueries }) => ({
        NamedQueries: NamedQueryIds.flatMap((id) => namedQueries.get(id) ?? []),
        UnprocessedNamedQueryIds: unknownIds(NamedQueryIds, namedQueries, 'NamedQueryId'),
      })),
      ListNamedQueries: operation(inputs.ListNamedQueries, ({ WorkGroup, ...page }, state) => {
        state.workGroup(WorkGroup);
        const ofGroup = [...state.namedQueries.values()].filter((each) => each.WorkGroup === WorkGroup);
        const { items, ...rest } = pageOf(ofGroup, page);
        return { NamedQueryIds: items.map(({ NamedQueryId }) => NamedQueryId), ...rest };
      }),
      DeleteNamedQuery: change(inputs.NamedQuery, ({ NamedQueryId }, state) => {
        namedQueryOf(state, NamedQueryId);
        state.namedQueries.delete(NamedQueryId);
        return {};
      }),

      CreateWorkGroup: change(inputs.CreateWorkGroup, ({ Name, Description, Configuration }, { workGroups }) => {
        if (workGroups.has(Name)) throw invalidRequest(`WorkGroup ${Name} is already created`);
        workGroups.set(Name, {
          name: Name,
          description: Description,
          state: 'ENABLED',
          configuration: Configuration,
          createdMs: clock.now(),
        });
        return {};
      }),
      UpdateWorkGroup: change(inputs.UpdateWorkGroup, (update, state) => {
        const group = state.workGroup(update.WorkGroup);
        if (update.State !== undefined) group.state = update.State;
        if (update.Description !== undefined) group.description = update.Description;
        group.configuration = updatedConfiguration(group.configuration, update.ConfigurationUpdates);
        return {};
      }),
      GetWorkGroup: operation(inputs.GetWorkGroup, ({ WorkGroup }, state) => ({
        WorkGroup: describeWorkGroup(state.workGroup(WorkGroup)),
      })),
      ListWorkGroups: operation(inputs.ListWorkGroups, (page, { workGroups }) => {
        const { items, ...rest } = pageOf([...workGroups.values()], page);
        return {
          WorkGroups: items.map(({ name, state, description, createdMs }) => ({
            Name: name,
            State: state,
            Description: description ?? '',
            CreationTime: new Date(createdMs),
          })),
          ...rest,
        };
      }),
      DeleteWorkGroup: change(inputs.DeleteWorkGroup, ({ WorkGroup, RecursiveDeleteOption }, state) => {
        state.workGroup(WorkGroup);
        if (WorkGroup === 'primary') throw invalidRequest('The primary workgroup cannot be deleted');
        const queries = [...state.namedQueries.values()].filter((each) => each.WorkGroup === WorkGroup);
        if (queries.length > 0 && !RecursiveDeleteOption) throw invalidRequest(`WorkGroup ${WorkGroup} is not empty`);
        for (const { NamedQueryId } of queries) state.namedQueries.delete(NamedQueryId);
        for (const [key, { WorkGroupName }] of state.preparedStatements) {
          if (WorkGroupName === WorkGroup) state.preparedStatements.delete(key);
        }
        state.workGroups.delete(WorkGroup);
        return {};
      }),

      CreatePreparedStatement: change(inputs.CreatePreparedStatement, (input, state) => {
        state.workGroup(input.WorkGroup);
        const key = statementKey(input.WorkGroup, input.StatementName);
        if (state.preparedStatements.has(key)) throw invalidRequest(`${input.StatementName} already exists`);
        state.preparedStatements.set(key, preparedFrom(input, clock.now()));
        return {};
      }),
      UpdatePreparedStatement: change(inputs.CreatePreparedStatement, (input, state) => {
        preparedOf(state, input);
        const key = statementKey(input.WorkGroup, input.StatementName);
        state.preparedStatements.set(key, preparedFrom(input, clock.now()));
        return {};
      }),
      GetPreparedStatement: operation(inputs.PreparedStatement, (input, state) => {
        const { modifiedMs, ...statement } = preparedOf(state, input);
        return { PreparedStatement: { ...statement, LastModifiedTime: new Date(modifiedMs) } };
      }),
      ListPreparedStatements: operation(inputs.ListPreparedStatements, ({ WorkGroup, ...page }, state) => {
        const ofGroup = [...state.preparedStatements.values()].filter((each) => each.WorkGroupName === WorkGroup);
        const { items, ...rest } = pageOf(ofGroup, page);
        return {
          PreparedStatements: items.map(({ StatementName, modifiedMs }) => ({
            StatementName,
            LastModifiedTime: new Date(modifiedMs),
          })),
          ...rest,
        };
      }),
      DeletePreparedStatement: change(inputs.PreparedStatement, (input, state) => {
        preparedOf(state, input);
        state.preparedStatements.delete(statementKey(input.WorkGroup, input.StatementName));
        return {};
      }),

      ListDataCatalogs: operation(inputs.ListDataCatalogs, () => ({ DataCatalogsSummary: [catalogSummary] })),
      GetDataCatalog: operation(inputs.GetDataCatalog, ({ Name }, _, { accountId }) => {
        if (Name.toLowerCase() !== CATALOG.toLowerCase()) throw invalidRequest(`Data catalog ${Name} was not found`);
        return { DataCatalog: { Name: CATALOG, Type: 'GLUE', Parameters: { 'catalog-id': accountId } } };
      }),
      GetDatabase: operation(inputs.GetDatabase, async (input, _, context) =>
        (await dataCatalog(context)).database(input),
      ),
      ListDatabases: operation(inputs.ListDatabases, async (input, _, context) =>
        (await dataCatalog(context)).databases(input),
      ),
      GetTableMetadata: operation(inputs.GetTableMetadata, async (input, _, context) =>
        (await dataCatalog(context)).table(input),
      ),
      ListTableMetadata: operation(inputs.ListTableMetadata, async (input, _, context) =>
        (await dataCatalog(context)).tables(input),
      ),
    },
    workGroups: {
      execution: (id) => opened?.state.executions.get(id)?.workGroup,
      namedQuery: (id) => opened?.state.namedQueries.get(id)?.WorkGroup,
    },
    async start() {
      const state = await AthenaState.open(folder, clock.now());
      opened = {
        state,
        runner: new QueryRunner({ ...{ clock, folder, engine, clients, state, meter }, ...(metrics && { metrics }) }),
      };
    },
    async stop() {
      await opened?.runner.stop();
      await engine.stop();
      await opened?.state.save();
    },
  };
}

/** Where results go. The workgroup's location comes first where it is enforced. */
function outputOf({ configuration }: WorkGroup, asked: string | undefined): string {
  const own = configuration.ResultConfiguration?.OutputLocation;
  const location = configuration.EnforceWorkGroupConfiguration === true ? (own ?? asked) : (asked ?? own);
  if (location !== undefined && location !== '') return location;
  throw invalidRequest(
    'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
  );
}

/** The statement to run: that of EXECUTE, with the values of its parameters. */
function statementOf(
  state: AthenaState,
  workGroup: string,
  sql: string,
  parameters: readonly string[] | undefined,
): string {
  const execute = parseExecute(sql);
  if (execute === undefined) return withParameters(sql, parameters);
  const prepared = state.preparedStatements.get(statementKey(workGroup, execute.name));
  if (prepared === undefined) {
    throw new QueryError('SYNTAX_ERROR', `PreparedStatement ${execute.name} was not found in workGroup ${workGroup}`);
  }
  return withParameters(prepared.QueryStatement, execute.values ?? parameters);
}

function linePage(lines: readonly string[], at: number, most: number) {
  const rows = lines.slice(at, at + most).map((line) => [line]);
  return { rows, next: at + most < lines.length ? at + most : undefined };
}

function namedQueryOf({ namedQueries }: AthenaState, id: string): NamedQuery {
  const found = namedQueries.get(id);
  if (found === undefined) throw invalidRequest(`NamedQuery ${id} was not found`);
  return found;
}

interface StatementName {
  WorkGroup: string;
  StatementName: string;
}

function preparedOf(state: AthenaState, { WorkGroup, StatementName }: StatementName): PreparedStatement {
  const found = state.preparedStatements.get(statementKey(WorkGroup, StatementName));
  if (found !== undefined) return found;
  throw new AwsError(
    'ResourceNotFoundException',
    `PreparedStatement ${StatementName} was not found in workGroup ${WorkGroup}`,
  );
}

function preparedFrom(
  { WorkGroup, ...statement }: z.infer<typeof inputs.CreatePreparedStatement>,
  modifiedMs: number,
): PreparedStatement {
  return { ...statement, WorkGroupName: WorkGroup, modifiedMs };
}

function unknownIds(ids: readonly string[], known: ReadonlyMap<string, unknown>, member: string): object[] {
  return ids
    .filter((id) => !known.has(id))
    .map((id) => ({ [member]: id, ErrorCode: 'INVALID_INPUT', ErrorMessage: `${member} ${id} was not found` }));
}

function updatedConfiguration(
  configuration: WorkGroup['configuration'],
  updates: z.infer<typeof inputs.UpdateWorkGroup>['ConfigurationUpdates'],
): WorkGroup['configuration'] {
  const { ResultConfigurationUpdates: location, RemoveBytesScannedCutoffPerQuery, EngineVersion: _, ...rest } = updates;
  const updated = { ...configuration, ...rest };
  if (RemoveBytesScannedCutoffPerQuery === true) delete updated.BytesScannedCutoffPerQuery;
  if (location?.RemoveOutputLocation === true) delete updated.ResultConfiguration;
  else if (location?.OutputLocation !== undefined) {
    updated.ResultConfiguration = { ...updated.ResultConfiguration, OutputLocation: location.OutputLocation };
  }
  return updated;
}
