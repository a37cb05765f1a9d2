import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { ArchiveDelivery } from './archive-delivery.ts';
import { StreamPipe, type StreamSource } from './stream-pipe.ts';

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
  readonly pipe: StreamPipe;

  /** Throws for a table without a stream. */
  constructor(scope: Construct, id: string, { table, label, flatten, bucket, config }: RemovalArchiveProps) {
    super(scope, id);
    const { deliveryStream } = new ArchiveDelivery(this, 'Delivery', { bucket, table: label, config });
    // A child named Default adds nothing to the logical ids below it.
    this.pipe = new StreamPipe(this, 'Default', {
      config,
      name: `${label}-archive`,
      description: `Archives what is removed from the table ${label}.`,
      source: removalsOf(table),
      batching: {
        size: config.archiveBatchSize,
        windowSeconds: config.archiveBatchWindowSeconds,
        recordAgeSeconds: config.archiveRecordAgeSeconds,
      },
      enrichment: flatten.functionArn,
      target: deliveryStream.attrArn,
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [flatten.functionArn] }),
        new PolicyStatement({
          actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
          resources: [deliveryStream.attrArn],
        }),
      ],
    });
  }
}

function removalsOf(table: Table): StreamSource {
  if (table.tableStreamArn === undefined) {
    throw new Error(`The table ${table.node.path} has no stream to archive from.`);
  }
  return {
    arn: table.tableStreamArn,
    readActions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    listAction: 'dynamodb:ListStreams',
    parameters: (read) => ({
      filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: ['REMOVE'] }) }] },
      dynamoDbStreamParameters: read,
    }),
  };
}
