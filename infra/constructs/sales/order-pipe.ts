import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { StreamPipe } from '../stream-pipe.ts';
import { eventsOf } from '../table-stream.ts';

/** What the pipe connects. */
export interface OrderPipeProps extends ConfiguredProps {
  /** The table of orders. Its stream carries new images. */
  orders: ITable;
  /** The attribute that the stream is partitioned by, and its type. */
  partitionKey: { name: string; type: 'S' | 'N' | 'B' };
  /** Gets each change as a record. */
  stream: IStream;
}

/** Records of one PutRecords (AWS: "EventBridge Pipes batching and concurrency"). */
const batchSize = 500;

/** Changes are billed one by one, in Pipes as in Kinesis: waiting for fuller batches would save nothing. */
const batchWindowSeconds = 0;

/** Changes of the table of orders → Kinesis. The order's id is the partition key, so its changes share a shard. */
export class OrderPipe extends StreamPipe {
  /** Throws for a table without a stream. */
  constructor(scope: Construct, id: string, { orders, partitionKey, stream, config }: OrderPipeProps) {
    super(scope, id, {
      config,
      name: 'orders',
      description: 'Puts changes of orders on a stream.',
      source: eventsOf(orders),
      batching: {
        size: batchSize,
        windowSeconds: batchWindowSeconds,
        recordAgeSeconds: config.archiveRecordAgeSeconds,
      },
      target: stream.streamArn,
      targetParameters: {
        kinesisStreamParameters: { partitionKey: `$.dynamodb.Keys.${partitionKey.name}.${partitionKey.type}` },
      },
      statements: [new PolicyStatement({ actions: ['kinesis:PutRecords'], resources: [stream.streamArn] })],
    });
  }
}
