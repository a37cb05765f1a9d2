import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { ArchiveDelivery } from './archive-delivery.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { pipeLogs } from './pipe-logs.ts';
import { actingFor, ServiceRole } from './service-role.ts';
import { acknowledgeResourceWildcard } from './wildcard-acknowledgements.ts';

/** What is archived, and where. */
export interface RemovalArchiveProps extends ConfiguredProps {
  /** The table whose removals are archived; its stream carries old images. */
  table: Table;
  /** What rows and files call the table. */
  label: string;
  /** Turns the pipe's REMOVE events into archive rows. */
  flatten: IFunction;
  bucket: IBucket;
}

/** The archive of one table: table stream → pipe, REMOVE events only → rows → Firehose → bucket. */
export class RemovalArchive extends Construct {
  readonly pipe: CfnPipe;
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, { table, label, flatten, bucket, config }: RemovalArchiveProps) {
    super(scope, id);
    const source = streamArn(table);
    const { deliveryStream } = new ArchiveDelivery(this, 'Delivery', { bucket, table: label, config });
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { config });
    const logs = pipeLogs(this, `${label}-archive`, config);
    const role = new ServiceRole(this, 'Role', {
      assumedBy: actingFor(this, 'pipes', 'pipe/*'),
      statements: [
        new PolicyStatement({
          actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
          resources: [source],
        }),
        new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }),
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [flatten.functionArn] }),
        new PolicyStatement({
          actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
          resources: [deliveryStream.attrArn],
        }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueue.queueArn] }),
        ...logs.statements,
      ],
    });
    acknowledgeResourceWildcard(
      role,
      'ListStreams knows no resource, and AWS names it among what a pipe needs to read its source.',
    );

    this.pipe = new CfnPipe(this, 'Pipe', {
      description: `Archives what is removed from the table ${label}.`,
      roleArn: role.roleArn,
      source,
      sourceParameters: {
        filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: ['REMOVE'] }) }] },
        dynamoDbStreamParameters: {
          startingPosition: 'TRIM_HORIZON',
          batchSize: config.archiveBatchSize,
          maximumBatchingWindowInSeconds: config.archiveBatchWindowSeconds,
          parallelizationFactor: 1,
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          maximumRetryAttempts: config.maximumRetryAttempts,
          maximumRecordAgeInSeconds: config.archiveRecordAgeSeconds,
          deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
        },
      },
      enrichment: flatten.functionArn,
      target: deliveryStream.attrArn,
      logConfiguration: logs.logConfiguration,
    });
  }
}

function streamArn(table: Table): string {
  if (table.tableStreamArn === undefined)
    throw new Error(`The table ${table.node.path} has no stream to archive from.`);
  return table.tableStreamArn;
}
