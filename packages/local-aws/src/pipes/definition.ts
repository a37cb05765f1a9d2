import { groupNameOf } from '../logs/group-name.ts';
import type { CreatePipeInput } from './create-pipe-input.ts';
import { parseCreatePipeInput, parseUpdatePipeInput } from './create-pipe-input.ts';
import type { RetryPolicy } from './delivery.ts';
import { validationError } from './errors.ts';
import { InvalidPattern } from './filter/pattern.ts';
import type { RecordFilter } from './filter/record-filter.ts';
import { recordFilter } from './filter/record-filter.ts';
import type { LogLevel } from './log.ts';
import type { StartingPosition } from './shard-group.ts';
import { maximumFirehoseRecords } from './targets/firehose-target.ts';
import { maximumKinesisRecords } from './targets/kinesis-target.ts';
import { InvalidPathParameter, type PathParameter, parsePathParameter } from './targets/path-parameter.ts';
import { maximumSqsMessages } from './targets/sqs-target.ts';
import type { Template } from './template/input-template.ts';
import { compileTemplate, InvalidTemplate } from './template/input-template.ts';
import { updatedRequest } from './updated-request.ts';

/** A validated pipe with compiled patterns and templates. */
export interface PipeDefinition {
  name: string;
  arn: string;
  roleArn: string;
  desiredState: 'RUNNING' | 'STOPPED';
  source: {
    kind: 'kinesis' | 'dynamodb';
    arn: string;
    batchSize: number;
    windowSeconds: number;
    policy: RetryPolicy;
    startingPosition: StartingPosition;
    deadLetterArn: string | undefined;
  };
  filter: RecordFilter;
  enrichment: { kind: 'lambda' | 'states'; arn: string; template: Template | undefined } | undefined;
  target: { arn: string; template: Template | undefined } & (
    | { kind: 'states'; invocationType: 'REQUEST_RESPONSE' | 'FIRE_AND_FORGET' }
    | { kind: 'firehose'; deliveryStreamName: string }
    | { kind: 'kinesis'; partitionKey: PathParameter }
    | { kind: 'sqs'; messageGroupId: PathParameter | undefined; messageDeduplicationId: PathParameter | undefined }
  );
  log: { level: LogLevel; includeExecutionData: boolean; logGroupName: string | undefined };
  /** The original request, for DescribePipe. */
  request: CreatePipeInput;
}

/**
 * Console default of both stream sources
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html). A target that takes fewer records
 * bounds it: a pipe without BatchSize to a queue is created on AWS.
 */
const defaultBatchSize = 100;

const maximumBatchSizes = {
  states: Number.POSITIVE_INFINITY,
  firehose: maximumFirehoseRecords,
  kinesis: maximumKinesisRecords,
  sqs: maximumSqsMessages,
};

const kinesisArn = /^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[A-Za-z0-9_.-]+$/;
const dynamoDbStreamArn = /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]+\/stream\/.+$/;
const lambdaArn = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$/;
const stateMachineArn = /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+(:[^:]+)?$/;
const firehoseArn = /^arn:aws[a-z-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream\/([A-Za-z0-9_.-]+)$/;
const standardQueueArn = /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/;
const queueArn = /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?$/;

/** Validates and compiles a CreatePipe input. Throws a ValidationException that names the invalid member. */
export function parsePipeDefinition(input: unknown, place: Place): PipeDefinition {
  return definitionOf(parseCreatePipeInput(input), place);
}

/** Validates an UpdatePipe input and compiles the pipe that it makes of `before`. Throws as the creation does. */
export function parsePipeUpdate(input: unknown, before: CreatePipeInput, place: Place): PipeDefinition {
  return definitionOf(updatedRequest(before, parseUpdatePipeInput(input)), place);
}

interface Place {
  region: string;
  accountId: string;
}

function definitionOf(request: CreatePipeInput, place: Place): PipeDefinition {
  const target = targetOf(request);
  const maximumBatchSize = maximumBatchSizes[target.kind];
  const source = sourceOf(request, Math.min(defaultBatchSize, maximumBatchSize));
  if (source.batchSize > maximumBatchSize) {
    throw validationError(
      `${parametersPath(source.kind)}.BatchSize`,
      `exceeds the ${maximumBatchSize} records of one call of the target.`,
    );
  }
  return {
    name: request.Name,
    arn: `arn:aws:pipes:${place.region}:${place.accountId}:pipe/${request.Name}`,
    roleArn: request.RoleArn,
    desiredState: request.DesiredState ?? 'RUNNING',
    source,
    filter: filterOf(request, source.kind),
    enrichment: enrichmentOf(request),
    target,
    log: {
      level: request.LogConfiguration?.Level ?? 'OFF',
      includeExecutionData: (request.LogConfiguration?.IncludeExecutionData ?? []).length > 0,
      logGroupName: logGroupOf(request.LogConfiguration?.CloudwatchLogsLogDestination?.LogGroupArn),
    },
    request,
  };
}

function logGroupOf(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : groupNameOf(arn);
}

function parametersPath(kind: 'kinesis' | 'dynamodb'): string {
  return kind === 'kinesis' ? 'SourceParameters.KinesisStreamParameters' : 'SourceParameters.DynamoDBStreamParameters';
}

function sourceOf(request: CreatePipeInput, batchSize: number): PipeDefinition['source'] {
  const { Source: arn, SourceParameters: given } = request;
  const kind = kinesisArn.test(arn) ? 'kinesis' : dynamoDbStreamArn.test(arn) ? 'dynamodb' : undefined;
  if (kind === undefined) {
    throw validationError('Source', unsupported(arn, 'sources are Kinesis streams and DynamoDB streams'));
  }
  const path = parametersPath(kind);
  const other = kind === 'kinesis' ? 'DynamoDBStreamParameters' : 'KinesisStreamParameters';
  if (given[other] !== undefined) throw validationError(`SourceParameters.${other}`, 'does not belong to the source.');
  const parameters = kind === 'kinesis' ? given.KinesisStreamParameters : given.DynamoDBStreamParameters;
  if (parameters === undefined) throw validationError(path, 'failed to satisfy constraint: Member must not be null.');
  const factor = parameters.ParallelizationFactor ?? 1;
  if (factor !== 1)
    throw validationError(
      `${path}.ParallelizationFactor`,
      `('${factor}') is not supported by the local runtime: only 1 is.`,
    );
  const policy: RetryPolicy = {
    maximumRetryAttempts: parameters.MaximumRetryAttempts ?? -1,
    maximumRecordAgeSeconds: parameters.MaximumRecordAgeInSeconds ?? -1,
    bisect: parameters.OnPartialBatchItemFailure === 'AUTOMATIC_BISECT',
  };
  return {
    kind,
    arn,
    batchSize: parameters.BatchSize ?? batchSize,
    windowSeconds: parameters.MaximumBatchingWindowInSeconds ?? 0,
    policy,
    startingPosition: startingPosition(parameters, path),
    deadLetterArn: deadLetterOf(parameters.DeadLetterConfig?.Arn, policy, path),
  };
}

type Parameters = NonNullable<
  CreatePipeInput['SourceParameters']['KinesisStreamParameters' | 'DynamoDBStreamParameters']
>;

function startingPosition(parameters: Parameters, path: string): StartingPosition {
  const timestamp = 'StartingPositionTimestamp' in parameters ? parameters.StartingPositionTimestamp : undefined;
  if (parameters.StartingPosition !== 'AT_TIMESTAMP') {
    if (timestamp !== undefined)
      throw validationError(`${path}.StartingPositionTimestamp`, 'needs StartingPosition AT_TIMESTAMP.');
    return { at: parameters.StartingPosition };
  }
  if (timestamp === undefined)
    throw validationError(`${path}.StartingPositionTimestamp`, 'is required with StartingPosition AT_TIMESTAMP.');
  return { at: 'AT_TIMESTAMP', timestampMs: timestamp.getTime() };
}

function deadLetterOf(arn: string | undefined, policy: RetryPolicy, path: string): string | undefined {
  if (arn !== undefined) {
    if (standardQueueArn.test(arn)) return arn;
    const why = arn.endsWith('.fifo') ? 'a FIFO queue, which Pipes does not support' : 'not a standard SQS queue';
    throw validationError(
      `${path}.DeadLetterConfig.Arn`,
      `('${arn}') is ${why}; the local runtime sends to standard SQS queues only.`,
    );
  }
  if (policy.maximumRetryAttempts === -1 && policy.maximumRecordAgeSeconds === -1) return undefined;
  throw validationError(
    `${path}.DeadLetterConfig`,
    'is required by the local runtime with MaximumRetryAttempts or MaximumRecordAgeInSeconds: AWS drops records after the last retry, the local runtime drops none.',
  );
}

function filterOf(request: CreatePipeInput, kind: 'kinesis' | 'dynamodb'): RecordFilter {
  const patterns = (request.SourceParameters.FilterCriteria?.Filters ?? []).map(({ Pattern }) => Pattern);
  for (const [index, pattern] of patterns.entries()) {
    checked(InvalidPattern, `SourceParameters.FilterCriteria.Filters.${index + 1}.Pattern`, () =>
      recordFilter([pattern], kind),
    );
  }
  return recordFilter(patterns, kind);
}

function enrichmentOf(request: CreatePipeInput): PipeDefinition['enrichment'] {
  const arn = request.Enrichment;
  if (arn === undefined || arn === '') {
    if (request.EnrichmentParameters?.InputTemplate !== undefined) {
      throw validationError('EnrichmentParameters.InputTemplate', 'needs an Enrichment.');
    }
    return undefined;
  }
  const kind = lambdaArn.test(arn) ? 'lambda' : stateMachineArn.test(arn) ? 'states' : undefined;
  if (kind === undefined) {
    throw validationError('Enrichment', unsupported(arn, 'enrichments are Lambda functions and Express workflows'));
  }
  return {
    kind,
    arn,
    template: templateOf(request.EnrichmentParameters?.InputTemplate, 'EnrichmentParameters.InputTemplate'),
  };
}

/** The parameters that belong to one kind of target only. */
const targetParameters = [
  'StepFunctionStateMachineParameters',
  'KinesisStreamParameters',
  'SqsQueueParameters',
] as const;

function targetOf(request: CreatePipeInput): PipeDefinition['target'] {
  const { Target: arn, TargetParameters: given } = request;
  const template = templateOf(given?.InputTemplate, 'TargetParameters.InputTemplate');
  const takeOnly = (own?: (typeof targetParameters)[number]): void => {
    for (const name of targetParameters) {
      if (name === own || given?.[name] === undefined) continue;
      throw validationError(`TargetParameters.${name}`, 'does not belong to the target.');
    }
  };
  if (stateMachineArn.test(arn)) {
    takeOnly('StepFunctionStateMachineParameters');
    const { InvocationType: invocationType = 'REQUEST_RESPONSE' } = given?.StepFunctionStateMachineParameters ?? {};
    return { kind: 'states', arn, template, invocationType };
  }
  if (kinesisArn.test(arn)) {
    takeOnly('KinesisStreamParameters');
    return { kind: 'kinesis', arn, template, partitionKey: partitionKeyFrom(given?.KinesisStreamParameters) };
  }
  if (queueArn.test(arn)) {
    takeOnly('SqsQueueParameters');
    const { MessageGroupId, MessageDeduplicationId } = given?.SqsQueueParameters ?? {};
    return {
      kind: 'sqs',
      arn,
      template,
      messageGroupId: sqsParameter('MessageGroupId', MessageGroupId),
      messageDeduplicationId: sqsParameter('MessageDeduplicationId', MessageDeduplicationId),
    };
  }
  const deliveryStreamName = firehoseArn.exec(arn)?.[1];
  if (deliveryStreamName === undefined) {
    throw validationError(
      'Target',
      unsupported(arn, 'targets are state machines, Firehose streams, Kinesis streams and SQS queues'),
    );
  }
  takeOnly();
  return { kind: 'firehose', arn, template, deliveryStreamName };
}

function partitionKeyFrom(parameters: { PartitionKey?: string | undefined } | undefined): PathParameter {
  const path = 'TargetParameters.KinesisStreamParameters.PartitionKey';
  const text = parameters?.PartitionKey;
  if (text === undefined) throw validationError(path, 'failed to satisfy constraint: Member must not be null.');
  return checked(InvalidPathParameter, path, () => parsePathParameter(text));
}

/** An empty text is none. */
function sqsParameter(name: string, text: string | undefined): PathParameter | undefined {
  if (text === undefined || text === '') return undefined;
  const path = `TargetParameters.SqsQueueParameters.${name}`;
  return checked(InvalidPathParameter, path, () => parsePathParameter(text));
}

function unsupported(arn: string, what: string): string {
  return `('${arn}') is not supported by the local runtime: ${what}.`;
}

function templateOf(text: string | undefined, path: string): Template | undefined {
  if (text === undefined || text === '') return undefined;
  return checked(InvalidTemplate, path, () => compileTemplate(text));
}

function checked<T>(
  kind: typeof InvalidTemplate | typeof InvalidPattern | typeof InvalidPathParameter,
  path: string,
  compile: () => T,
): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof kind) throw validationError(path, `is not valid: ${error.message}.`);
    throw error;
  }
}
