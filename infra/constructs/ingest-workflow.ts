import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { normalizationTables } from '../normalization-tables.ts';
import { escapeForJson } from '../workflow-definition.ts';
import { bucketPrefixes } from './archive-bucket.ts';
import { ExpressWorkflow } from './express-workflow.ts';
import type { Tables } from './tables.ts';
import { acknowledgeObjectWildcard } from './wildcard-acknowledgements.ts';

/** What the workflow reads and writes. */
export interface IngestWorkflowProps extends ConfiguredProps {
  stream: IStream;
  tables: Tables;
  bucket: IBucket;
}

/** The workflow that stores and counts one batch of records; statemachines/ingest. */
export class IngestWorkflow extends ExpressWorkflow {
  constructor(scope: Construct, id: string, { stream, tables, bucket, config }: IngestWorkflowProps) {
    super(scope, id, {
      name: 'ingest',
      holes: {
        ...escapedTables(),
        StreamName: stream.streamName,
        HashtagTable: tables.hashtags.tableName,
        TweetTable: tables.tweets.tableName,
        DeletionTable: tables.deletions.tableName,
        ShardTable: tables.shards.tableName,
        ArchiveBucket: bucket.bucketName,
        TweetRetentionSeconds: String(config.tweetRetentionDays * 24 * 3600),
        DeletionRetentionSeconds: String(config.deletionRetentionDays * 24 * 3600),
        CounterItems: String(config.counterItems),
      },
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
        new PolicyStatement({
          actions: ['dynamodb:GetItem'],
          resources: [tables.hashtags.tableArn, tables.shards.tableArn],
        }),
        new PolicyStatement({ actions: ['dynamodb:DeleteItem'], resources: [tables.tweets.tableArn] }),
        new PolicyStatement({ actions: ['kinesis:ListShards'], resources: [stream.streamArn] }),
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [bucket.arnForObjects(`${bucketPrefixes.quarantine}*`)],
        }),
      ],
      config,
    });
    acknowledgeObjectWildcard(
      this.role,
      bucket,
      bucketPrefixes.quarantine,
      'A record is stored under its shard and sequence number.',
    );
  }
}

function escapedTables(): Record<string, string> {
  return Object.fromEntries(Object.entries(normalizationTables()).map(([hole, table]) => [hole, escapeForJson(table)]));
}
