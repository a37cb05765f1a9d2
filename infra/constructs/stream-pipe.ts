import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Construct } from 'constructs';

import type { Config, ConfiguredProps } from '../config.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { actingFor, ServiceRole } from './service-role.ts';
import { VendedLogGroup } from './vended-log-group.ts';
import { acknowledgeResourceWildcard } from './wildcard-acknowledgements.ts';

/** The parameters that Pipes has in common for streams of Kinesis and of DynamoDB. */
export type ReadParameters = CfnPipe.PipeSourceKinesisStreamParametersProperty &
  CfnPipe.PipeSourceDynamoDBStreamParametersProperty;

/** A stream that a pipe reads. */
export interface StreamSource {
  arn: string;
  /** Actions on the stream that AWS asks for (AWS: "Event source permissions for Amazon EventBridge Pipes"). */
  readActions: string[];
  /** The action that lists streams of this service. It has no resource. */
  listAction: 'dynamodb:ListStreams' | 'kinesis:ListStreams';
  /** The parameters of this kind of stream, and a filter if not every record is wanted. */
  parameters: (read: ReadParameters) => CfnPipe.PipeSourceParametersProperty;
}

/** How much a pipe reads at once, and when it gives a record up. */
export interface Batching {
  /** Records. */
  size: number;
  /** How long the pipe waits for a batch to fill; seconds. */
  windowSeconds: number;
  /** Age at which the pipe gives a record up; seconds. */
  recordAgeSeconds: number;
}

/** What differs from pipe to pipe. */
export interface StreamPipeProps extends ConfiguredProps {
  /** Last part of the log group's name. */
  name: string;
  description: string;
  source: StreamSource;
  batching: Batching;
  /** ARN of the function or of the Express workflow that the batch passes on its way. */
  enrichment?: string;
  /** What the enrichment gets of each record. By default all of it. */
  enrichmentTemplate?: string;
  /** ARN. */
  target: string;
  targetParameters?: CfnPipe.PipeTargetParametersProperty;
  /** What the role needs for enrichment and target. */
  statements: PolicyStatement[];
}

/**
 * A pipe that reads a stream from its beginning, in order. A failed batch is retried and bisected; a record that still
 * fails becomes a dead letter. The pipe has its own role, dead-letter queue and, unless the level is OFF, log group.
 */
export class StreamPipe extends Construct {
  readonly resource: CfnPipe;
  readonly deadLetterQueue: DeadLetterQueue;
  /** Undefined if the pipe does not log. */
  readonly logGroup: VendedLogGroup | undefined;

  constructor(scope: Construct, id: string, props: StreamPipeProps) {
    super(scope, id);
    const { config, description, source, enrichment, enrichmentTemplate, target, targetParameters } = props;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { config });
    this.logGroup = this.#logGroup(props);
    const logGroupArn = this.logGroup?.logGroupArn;
    this.resource = new CfnPipe(this, 'Pipe', {
      description,
      roleArn: this.#role(props, logGroupArn).roleArn,
      source: source.arn,
      sourceParameters: source.parameters(this.#readParameters(props)),
      enrichment,
      ...(enrichmentTemplate === undefined ? {} : { enrichmentParameters: { inputTemplate: enrichmentTemplate } }),
      target,
      targetParameters,
      logConfiguration: logConfiguration(config, logGroupArn),
    });
  }

  /** The physical name. */
  get pipeName(): string {
    return this.resource.ref;
  }

  #readParameters({ batching, config }: StreamPipeProps): ReadParameters {
    return {
      startingPosition: 'TRIM_HORIZON',
      batchSize: batching.size,
      maximumBatchingWindowInSeconds: batching.windowSeconds,
      // More would break the order within a shard, which counting relies on (docs/adr/0011).
      parallelizationFactor: 1,
      onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
      maximumRetryAttempts: config.maximumRetryAttempts,
      maximumRecordAgeInSeconds: batching.recordAgeSeconds,
      deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
    };
  }

  #logGroup({ name, config }: StreamPipeProps): VendedLogGroup | undefined {
    if (config.pipeLogLevel === 'OFF') return undefined;
    return new VendedLogGroup(this, 'PipeLogs', { service: 'pipes', name, config });
  }

  #role({ source, statements }: StreamPipeProps, logGroupArn: string | undefined): Role {
    const role = new ServiceRole(this, 'Role', {
      assumedBy: actingFor(this, 'pipes', 'pipe/*'),
      statements: [
        new PolicyStatement({ actions: source.readActions, resources: [source.arn] }),
        new PolicyStatement({ actions: [source.listAction], resources: ['*'] }),
        ...statements,
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueue.queueArn] }),
        ...(logGroupArn === undefined
          ? []
          : [
              new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] }),
            ]),
      ],
    });
    acknowledgeResourceWildcard(
      role,
      'ListStreams knows no resource, and AWS names it among what a pipe needs to read its source.',
    );
    return role;
  }
}

/** Leaves record data out: the workflow's log has it, and a deleted tweet should be in one log at most. */
function logConfiguration(
  { pipeLogLevel }: Config,
  logGroupArn: string | undefined,
): CfnPipe.PipeLogConfigurationProperty | undefined {
  if (logGroupArn === undefined) return undefined;
  return { level: pipeLogLevel, cloudwatchLogsLogDestination: { logGroupArn } };
}
