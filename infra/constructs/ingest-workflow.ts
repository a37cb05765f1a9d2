import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { normalizationTables } from '../normalization-tables.ts';
import { escapeForJson, readWorkflow } from '../workflow-definition.ts';
import { bucketPrefixes } from './archive-bucket.ts';
import { actingFor, ServiceRole } from './service-role.ts';
import type { Tables } from './tables.ts';
import { VendedLogGroup } from './vended-log-group.ts';
import { acknowledgeObjectWildcard, acknowledgeResourceWildcard } from './wildcard-acknowledgements.ts';

/** What the workflow reads and writes. */
export interface IngestWorkflowProps extends ConfiguredProps {
  stream: IStream;
  tables: Tables;
  bucket: IBucket;
}

/**
 * The Express workflow that stores and counts one batch of records. The template inlines its definition,
 * statemachines/ingest, as JSON.
 */
export class IngestWorkflow extends Construct {
  readonly stateMachineArn: string;
  /** Undefined if the workflow does not log. */
  readonly logGroup: VendedLogGroup | undefined;

  constructor(scope: Construct, id: string, { stream, tables, bucket, config }: IngestWorkflowProps) {
    super(scope, id);
    const logGroup =
      config.logLevel === 'OFF'
        ? undefined
        : new VendedLogGroup(this, 'Logs', { service: 'states', name: 'ingest', config });
    const role = new ServiceRole(this, 'Role', {
      assumedBy: actingFor(this, 'states', 'stateMachine:*'),
      statements: [
        new PolicyStatement({
          actions: ['dynamodb:BatchGetItem'],
          resources: [tables.deletions.tableArn, tables.tweets.tableArn],
        }),
        new PolicyStatement({ actions: ['dynamodb:PartiQLInsert'], resources: [tables.tweets.tableArn] }),
        new PolicyStatement({
          actions: ['dynamodb:UpdateItem'],
          resources: [tables.hashtags.tableArn, tables.deletions.tableArn, tables.shards.tableArn],
        }),
        new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [tables.hashtags.tableArn] }),
        new PolicyStatement({ actions: ['dynamodb:DeleteItem'], resources: [tables.tweets.tableArn] }),
        new PolicyStatement({ actions: ['kinesis:ListShards'], resources: [stream.streamArn] }),
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [bucket.arnForObjects(`${bucketPrefixes.quarantine}*`)],
        }),
        ...(logGroup === undefined ? [] : [logDelivery()]),
        ...(config.tracing ? [tracing()] : []),
      ],
    });
    acknowledgeObjectWildcard(
      role,
      bucket,
      bucketPrefixes.quarantine,
      'A record is stored under its shard and sequence number.',
    );
    acknowledgeResourceWildcard(role, 'The actions of log delivery and of X-Ray know no resource.');

    const stateMachine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineType: 'EXPRESS',
      definitionString: escapeForJson(JSON.stringify(readWorkflow('ingest'))),
      definitionSubstitutions: {
        ...escapedTables(),
        StreamName: stream.streamName,
        HashtagTable: tables.hashtags.tableName,
        TweetTable: tables.tweets.tableName,
        DeletionTable: tables.deletions.tableName,
        ShardTable: tables.shards.tableName,
        ArchiveBucket: bucket.bucketName,
        TweetRetentionSeconds: String(config.tweetRetentionDays * 24 * 3600),
        DeletionRetentionSeconds: String(config.deletionRetentionDays * 24 * 3600),
      },
      roleArn: role.roleArn,
      ...(logGroup === undefined
        ? {}
        : {
            loggingConfiguration: {
              level: config.logLevel,
              includeExecutionData: config.executionData,
              destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }],
            },
          }),
      tracingConfiguration: { enabled: config.tracing },
    });
    this.stateMachineArn = stateMachine.attrArn;
    this.logGroup = logGroup;
  }
}

/** Permissions for log delivery, none with a resource (AWS: "Logging using CloudWatch Logs" of Step Functions). */
function logDelivery(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    resources: ['*'],
  });
}

/** Permissions for X-Ray, none with a resource (AWS: "Trace Step Functions request data in AWS X-Ray"). */
function tracing(): PolicyStatement {
  return new PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    resources: ['*'],
  });
}

function escapedTables(): Record<string, string> {
  return Object.fromEntries(Object.entries(normalizationTables()).map(([hole, table]) => [hole, escapeForJson(table)]));
}
