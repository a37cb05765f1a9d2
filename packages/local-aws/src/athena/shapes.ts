import { z } from 'zod';

const name = z.string().min(1).max(128);
/** https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroup.html */
const workGroupName = z.string().regex(/^[a-zA-Z0-9._-]{1,128}$/);
const queryString = z.string().min(1).max(262_144);
const id = z.string().min(1).max(128);
const token = z.string().min(1).max(128).optional();
const page = (most: number) => ({ NextToken: z.string().optional(), MaxResults: z.int().min(0).max(most).optional() });
const parameters = z.array(z.string().min(1).max(1024)).min(1);

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ResultConfiguration.html */
const resultConfiguration = z.strictObject({
  OutputLocation: z.string().optional(),
  EncryptionConfiguration: z.looseObject({}).optional(),
  ExpectedBucketOwner: z.string().optional(),
  AclConfiguration: z.looseObject({}).optional(),
});

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html, without Spark */
const workGroupConfiguration = z.strictObject({
  ResultConfiguration: resultConfiguration.optional(),
  EnforceWorkGroupConfiguration: z.boolean().optional(),
  PublishCloudWatchMetricsEnabled: z.boolean().optional(),
  BytesScannedCutoffPerQuery: z.int().min(10_000_000).optional(),
  RequesterPaysEnabled: z.boolean().optional(),
  EngineVersion: z
    .strictObject({ SelectedEngineVersion: z.string().optional(), EffectiveEngineVersion: z.string().optional() })
    .optional(),
  EnableMinimumEncryptionConfiguration: z.boolean().optional(),
});

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfigurationUpdates.html */
const workGroupUpdates = z.strictObject({
  ResultConfigurationUpdates: z
    .strictObject({ OutputLocation: z.string().optional(), RemoveOutputLocation: z.boolean().optional() })
    .optional(),
  EnforceWorkGroupConfiguration: z.boolean().optional(),
  PublishCloudWatchMetricsEnabled: z.boolean().optional(),
  BytesScannedCutoffPerQuery: z.int().min(10_000_000).optional(),
  RemoveBytesScannedCutoffPerQuery: z.boolean().optional(),
  RequesterPaysEnabled: z.boolean().optional(),
  EngineVersion: z.looseObject({}).optional(),
});

const context = z.strictObject({ Database: z.string().min(1).max(255).optional(), Catalog: z.string().optional() });

/** A workgroup as it is kept. */
export const workGroup = z.strictObject({
  name: workGroupName,
  description: z.string().optional(),
  state: z.enum(['ENABLED', 'DISABLED']),
  configuration: workGroupConfiguration,
  createdMs: z.number(),
});
export type WorkGroup = z.infer<typeof workGroup>;

/** A named query as it is kept, in the API's shape. */
export const namedQuery = z.strictObject({
  NamedQueryId: id,
  Name: name,
  Description: z.string().optional(),
  Database: z.string(),
  QueryString: queryString,
  WorkGroup: workGroupName,
});
export type NamedQuery = z.infer<typeof namedQuery>;

/** A prepared statement as it is kept. */
export const preparedStatement = z.strictObject({
  StatementName: z.string(),
  WorkGroupName: workGroupName,
  QueryStatement: queryString,
  Description: z.string().optional(),
  modifiedMs: z.number(),
});
export type PreparedStatement = z.infer<typeof preparedStatement>;

const column = z.strictObject({ name: z.string(), type: z.string(), precision: z.number(), scale: z.number() });

/** One run of a query as it is kept. Times in milliseconds since the epoch. */
export const execution = z.strictObject({
  id,
  query: z.string(),
  token,
  workGroup: workGroupName,
  database: z.string().optional(),
  catalog: z.string().optional(),
  parameters: z.array(z.string()).optional(),
  statementType: z.enum(['DML', 'DDL', 'UTILITY']),
  /** `s3://bucket/prefix/<id>.csv` */
  output: z.string(),
  state: z.enum(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']),
  reason: z.string().optional(),
  submittedMs: z.number(),
  startedMs: z.number().optional(),
  completedMs: z.number().optional(),
  scannedBytes: z.number(),
  columns: z.array(column).optional(),
});
export type Execution = z.infer<typeof execution>;

const statementKey = { StatementName: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_@:]{0,255}$/), WorkGroup: workGroupName };
const catalogName = z.string().min(1);

/** The inputs by operation. What is not named here is refused by its name. */
export const inputs = {
  StartQueryExecution: z.strictObject({
    QueryString: queryString,
    ClientRequestToken: token,
    QueryExecutionContext: context.optional(),
    ResultConfiguration: resultConfiguration.optional(),
    WorkGroup: workGroupName.default('primary'),
    ExecutionParameters: parameters.optional(),
    ResultReuseConfiguration: z.looseObject({}).optional(),
  }),
  QueryExecution: z.strictObject({ QueryExecutionId: id }),
  BatchGetQueryExecution: z.strictObject({ QueryExecutionIds: z.array(id).min(1).max(50) }),
  ListQueryExecutions: z.strictObject({ WorkGroup: workGroupName.default('primary'), ...page(50) }),
  GetQueryResults: z.strictObject({
    QueryExecutionId: id,
    QueryResultType: z.literal('DATA_ROWS').optional(),
    ...page(1000),
  }),
  CreateNamedQuery: z.strictObject({
    Name: name,
    Description: z.string().max(1024).optional(),
    Database: z.string().min(1).max(255),
    QueryString: queryString,
    ClientRequestToken: token,
    WorkGroup: workGroupName.default('primary'),
  }),
  UpdateNamedQuery: z.strictObject({
    NamedQueryId: id,
    Name: name,
    Description: z.string().max(1024).optional(),
    QueryString: queryString,
  }),
  NamedQuery: z.strictObject({ NamedQueryId: id }),
  BatchGetNamedQuery: z.strictObject({ NamedQueryIds: z.array(id).min(1).max(50) }),
  ListNamedQueries: z.strictObject({ WorkGroup: workGroupName.default('primary'), ...page(50) }),
  CreateWorkGroup: z.strictObject({
    Name: workGroupName,
    Description: z.string().max(1024).optional(),
    Configuration: workGroupConfiguration.default({}),
    Tags: z.array(z.looseObject({})).optional(),
  }),
  UpdateWorkGroup: z.strictObject({
    WorkGroup: workGroupName,
    Description: z.string().max(1024).optional(),
    ConfigurationUpdates: workGroupUpdates.default({}),
    State: z.enum(['ENABLED', 'DISABLED']).optional(),
  }),
  GetWorkGroup: z.strictObject({ WorkGroup: workGroupName }),
  DeleteWorkGroup: z.strictObject({ WorkGroup: workGroupName, RecursiveDeleteOption: z.boolean().default(false) }),
  ListWorkGroups: z.strictObject(page(50)),
  CreatePreparedStatement: z.strictObject({
    ...statementKey,
    QueryStatement: queryString,
    Description: z.string().max(1024).optional(),
  }),
  PreparedStatement: z.strictObject(statementKey),
  ListPreparedStatements: z.strictObject({ WorkGroup: workGroupName, ...page(50) }),
  ListDataCatalogs: z.strictObject({ ...page(50), WorkGroup: workGroupName.optional() }),
  GetDataCatalog: z.strictObject({ Name: catalogName, WorkGroup: workGroupName.optional() }),
  GetDatabase: z.strictObject({ CatalogName: catalogName, DatabaseName: name, WorkGroup: workGroupName.optional() }),
  ListDatabases: z.strictObject({ CatalogName: catalogName, ...page(50), WorkGroup: workGroupName.optional() }),
  GetTableMetadata: z.strictObject({
    CatalogName: catalogName,
    DatabaseName: name,
    TableName: name,
    WorkGroup: workGroupName.optional(),
  }),
  ListTableMetadata: z.strictObject({
    CatalogName: catalogName,
    DatabaseName: name,
    Expression: z.string().max(256).optional(),
    ...page(50),
    WorkGroup: workGroupName.optional(),
  }),
};
