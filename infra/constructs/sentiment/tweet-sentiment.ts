import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { lakePrefixes } from '../lake/lake-bucket.ts';
import { RowDelivery } from '../row-delivery.ts';
import { StreamPipe } from '../stream-pipe.ts';
import { eventsOf } from '../table-stream.ts';
import { comprehendErrors } from './comprehend-errors.ts';
import { SentimentWorkflow } from './sentiment-workflow.ts';

/** Where tweets come from, and where rows go. */
export interface TweetSentimentProps extends ConfiguredProps {
  /** The table of tweets. Its stream carries new images. */
  tweets: ITable;
  /** Rows go below `sentiment/`. */
  bucket: IBucket;
}

/**
 * The whole item, as an object: Pipes does not escape text that it puts into a template (AWS: "Amazon EventBridge Pipes
 * input transformation").
 */
const enrichmentTemplate = '{"item": <$.dynamodb.NewImage>}';

/** Keys of one BatchGetItem, which the workflow makes for a batch (AWS: "BatchGetItem"). */
const batchSize = 100;

/** Fuller batches take fewer of the calls that Comprehend allows in a second. */
const batchWindowSeconds = 5;

/**
 * New items of the table of tweets → workflow, which asks Comprehend and writes to the items → rows → Firehose →
 * bucket. The workflow is the enrichment of the pipe, so that rows which Firehose refuses are sent again
 * (docs/adr/0045).
 */
export class TweetSentiment extends Construct {
  readonly pipe: StreamPipe;
  readonly stateMachineArn: string;
  readonly deliveryStream: CfnDeliveryStream;
  /** Calls that Comprehend refused or failed, each attempt. Undefined if the log does not have them. */
  readonly comprehendErrors: Metric | undefined;

  /** Throws for a table without a stream. */
  constructor(scope: Construct, id: string, { tweets, bucket, config }: TweetSentimentProps) {
    super(scope, id);
    const { stateMachineArn, logGroup } = new SentimentWorkflow(this, 'Workflow', { tweets, config });
    const { deliveryStream } = new RowDelivery(this, 'Delivery', {
      bucket,
      prefix: lakePrefixes.sentiment,
      errorPrefix: `${lakePrefixes.errors}${lakePrefixes.sentiment}`,
      buffer: { seconds: config.lakeBufferSeconds, mebibytes: config.lakeBufferMebibytes },
      config,
    });
    this.stateMachineArn = stateMachineArn;
    this.deliveryStream = deliveryStream;
    this.comprehendErrors = comprehendErrors(this, logGroup, config);
    // A child named Default adds nothing to the logical ids below it.
    this.pipe = new StreamPipe(this, 'Default', {
      config,
      name: 'sentiment',
      description: 'Asks for the sentiment of new tweets.',
      source: eventsOf(tweets, 'INSERT'),
      batching: {
        size: batchSize,
        windowSeconds: batchWindowSeconds,
        recordAgeSeconds: config.archiveRecordAgeSeconds,
      },
      enrichment: stateMachineArn,
      enrichmentTemplate,
      target: deliveryStream.attrArn,
      statements: [
        new PolicyStatement({ actions: ['states:StartSyncExecution'], resources: [stateMachineArn] }),
        new PolicyStatement({ actions: ['firehose:PutRecordBatch'], resources: [deliveryStream.attrArn] }),
      ],
    });
  }
}
