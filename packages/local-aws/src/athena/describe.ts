import type { ResultColumn } from './column-types.ts';
import { isCaseSensitive } from './result-file.ts';
import type { Execution, WorkGroup } from './shapes.ts';

const ENGINE_VERSION = { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' };

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html */
export function describeExecution(execution: Execution): object {
  const { submittedMs, startedMs, completedMs, reason, database, catalog, parameters } = execution;
  const queueMs = (startedMs ?? completedMs ?? submittedMs) - submittedMs;
  const engineMs = completedMs === undefined || startedMs === undefined ? 0 : completedMs - startedMs;
  return {
    QueryExecutionId: execution.id,
    Query: execution.query,
    StatementType: execution.statementType,
    ...(execution.statementType === 'DML' && { SubstatementType: 'SELECT' }),
    ResultConfiguration: { OutputLocation: execution.output },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: {
      ...(database !== undefined && { Database: database }),
      ...(catalog !== undefined && { Catalog: catalog }),
    },
    Status: {
      State: execution.state,
      SubmissionDateTime: new Date(submittedMs),
      ...(completedMs !== undefined && { CompletionDateTime: new Date(completedMs) }),
      ...(reason !== undefined && { StateChangeReason: reason }),
      ...(execution.state === 'FAILED' && { AthenaError: athenaError(reason ?? '') }),
    },
    Statistics: {
      EngineExecutionTimeInMillis: engineMs,
      DataScannedInBytes: execution.scannedBytes,
      TotalExecutionTimeInMillis: queueMs + engineMs,
      QueryQueueTimeInMillis: queueMs,
      ServicePreProcessingTimeInMillis: 0,
      QueryPlanningTimeInMillis: 0,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: false },
    },
    WorkGroup: execution.workGroup,
    EngineVersion: ENGINE_VERSION,
    ...(parameters !== undefined && { ExecutionParameters: parameters }),
  };
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_AthenaError.html: 1 is the system's, 2 the user's. */
function athenaError(reason: string): object {
  const isInternal = reason.startsWith('GENERIC_INTERNAL_ERROR');
  return { ErrorCategory: isInternal ? 1 : 2, Retryable: isInternal, ErrorMessage: reason };
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html */
export function describeColumn({ name, type, precision, scale }: ResultColumn): object {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: isCaseSensitive(type),
  };
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroup.html */
export function describeWorkGroup({ name, description, state, configuration, createdMs }: WorkGroup): object {
  return {
    Name: name,
    State: state,
    ...(description !== undefined && { Description: description }),
    CreationTime: new Date(createdMs),
    Configuration: {
      EnforceWorkGroupConfiguration: false,
      PublishCloudWatchMetricsEnabled: false,
      RequesterPaysEnabled: false,
      ...configuration,
      EngineVersion: { ...ENGINE_VERSION, ...configuration.EngineVersion },
    },
  };
}
