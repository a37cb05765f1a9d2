import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { bucketPrefixes } from './archive-bucket.ts';
import { RowDelivery } from './row-delivery.ts';
import { StreamPipe } from './stream-pipe.ts';
import { eventsOf } from './table-stream.ts';

/** How items leave a table: they expire, or a call of this name deletes them. */
export type Removal = 'expiry' | 'deleteItem' | 'transactWriteItems';

/** What is archived, and where. */
export interface RemovalArchiveProps extends ConfiguredProps {
  /** The table whose removals are archived; its stream carries old images. */
  table: Table;
  /** What rows and files call the table. */
  label: string;
  /** The ways by which items usually leave the table; an alarm watches them. */
  removedBy: readonly Removal[];
  /** Turns the pipe's REMOVE events into archive rows. */
  flatten: IFunction;
  bucket: IBucket;
}

/** The archive of one table: table stream → pipe, REMOVE events only → rows → Firehose → bucket. */
export class RemovalArchive extends Construct {
  readonly pipe: StreamPipe;
  readonly deliveryStream: CfnDeliveryStream;
  readonly table: Table;
  readonly label: string;
  readonly removedBy: readonly Removal[];

  /** Throws for a table without a stream. */
  constructor(scope: Construct, id: string, props: RemovalArchiveProps) {
    super(scope, id);
    const { table, label, removedBy, flatten, bucket, config } = props;
    const { deliveryStream } = new RowDelivery(this, 'Delivery', {
      bucket,
      prefix: `${bucketPrefixes.deleted}${label}/`,
      errorPrefix: `${bucketPrefixes.errors}${label}/`,
      buffer: { seconds: config.archiveBufferSeconds, mebibytes: config.archiveBufferMebibytes },
      config,
    });
    this.deliveryStream = deliveryStream;
    this.table = table;
    this.label = label;
    this.removedBy = removedBy;
    // A child named Default adds nothing to the logical ids below it.
    this.pipe = new StreamPipe(this, 'Default', {
      config,
      name: `${label}-archive`,
      description: `Archives what is removed from the table ${label}.`,
      source: eventsOf(table, 'REMOVE'),
      batching: {
        size: config.archiveBatchSize,
        windowSeconds: config.archiveBatchWindowSeconds,
        recordAgeSeconds: config.archiveRecordAgeSeconds,
      },
      enrichment: flatten.functionArn,
      target: deliveryStream.attrArn,
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [flatten.functionArn] }),
        // A pipe calls the batch API of its target also for a single record:
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
        new PolicyStatement({ actions: ['firehose:PutRecordBatch'], resources: [deliveryStream.attrArn] }),
      ],
    });
  }
}
