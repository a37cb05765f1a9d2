import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { bucketPrefixes } from '../archive-bucket.ts';
import { DeadLetterQueue } from '../dead-letter-queue.ts';
import { NodeFunction } from '../node-function.ts';
import { addSchedule } from '../schedule.ts';
import { acknowledgeObjectWildcard } from '../wildcard-acknowledgements.ts';
import { lakePrefixes } from './lake-bucket.ts';

/** Where deleted tweets are known, and where they are removed. */
export interface ForgettingProps extends ConfiguredProps {
  /** How often. */
  everyHours: number;
  /** The lake's bucket. */
  bucket: IBucket;
  /** The bucket of archive and quarantine. */
  archiveBucket: IBucket;
  /** Name of the table of tombstones. */
  deletionTableName: string;
}

/**
 * The scheduled job that removes what deleted tweets left: EventBridge Scheduler → Lambda function
 * functions/forget-tweets. What fails at each attempt is a message in the queue.
 */
export class Forgetting extends Construct {
  readonly function: IFunction;
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: ForgettingProps) {
    super(scope, id);
    const { everyHours, bucket, archiveBucket, deletionTableName, config } = props;
    const { archiveContent } = config;
    const stack = Stack.of(this);
    const tableArn = stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: deletionTableName });
    const rewritten = [
      ...[lakePrefixes.tweets, lakePrefixes.errors, lakePrefixes.sentiment].map((prefix) => ({ bucket, prefix })),
      ...[lakePrefixes.forgotten, lakePrefixes.forgetting].map((prefix) => ({ bucket, prefix })),
      ...[
        bucketPrefixes.quarantine,
        ...(archiveContent === 'keys' ? [`${bucketPrefixes.deleted}tweets/`, `${bucketPrefixes.errors}tweets/`] : []),
      ].map((prefix) => ({ bucket: archiveBucket, prefix })),
    ];
    const arnOf = (folder: { bucket: IBucket; prefix: string }) => folder.bucket.arnForObjects(`${folder.prefix}*`);
    const results = { bucket, prefix: lakePrefixes.queryResults };
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { config });
    const { function: job, role } = new NodeFunction(this, 'ForgetTweets', {
      folder: 'forget-tweets',
      description: 'Removes what deleted tweets left in S3.',
      timeout: Duration.minutes(15),
      // Four files of 128 MiB at a time, unpacked.
      memorySize: 2048,
      environment: {
        DELETION_TABLE: deletionTableName,
        LAKE_BUCKET: bucket.bucketName,
        ARCHIVE_BUCKET: archiveBucket.bucketName,
        ARCHIVE_CONTENT: archiveContent,
      },
      statements: [
        new PolicyStatement({ actions: ['dynamodb:Scan', 'dynamodb:UpdateItem'], resources: [tableArn] }),
        new PolicyStatement({
          // Without ListBucket, S3 answers AccessDenied for an object that does not exist.
          actions: ['s3:ListBucket', 's3:ListBucketVersions'],
          resources: [bucket.bucketArn, archiveBucket.bucketArn],
        }),
        new PolicyStatement({
          actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:DeleteObjectVersion'],
          resources: rewritten.map(arnOf),
        }),
        new PolicyStatement({ actions: ['s3:DeleteObjectVersion'], resources: [arnOf(results)] }),
      ],
      deadLetterQueue: this.deadLetterQueue,
      config,
    });
    this.function = job;
    for (const folder of [...rewritten, results]) {
      const reason = 'Firehose, the workflow and Athena name the objects that are rewritten or removed.';
      acknowledgeObjectWildcard(role, folder.bucket, folder.prefix, reason);
    }

    addSchedule(this, {
      function: job,
      deadLetterQueue: this.deadLetterQueue,
      description: 'Removes what deleted tweets left in S3.',
      expression: `rate(${everyHours} ${everyHours === 1 ? 'hour' : 'hours'})`,
      flexibleMinutes: 15,
      // Later the next run does it.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
    });
  }
}
