import { readFileSync } from 'node:fs';

import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { bucketPrefixes } from '../archive-bucket.ts';
import { Catalog, jsonLines, parquet } from './catalog.ts';
import { lakePrefixes } from './lake-bucket.ts';
import { deletedColumns, forgottenColumns, quarantineColumns, sentimentColumns, tweetColumns } from './lake-columns.ts';

/** Where the tables are. */
export interface LakeCatalogProps extends ConfiguredProps {
  /** The lake's bucket. */
  bucket: IBucket;
  /** Name of the bucket of archive and quarantine. */
  archiveBucketName: string;
}

/** The Glue database of the lake: tables over the lake, the archive and the quarantine, and views. */
export class LakeCatalog extends Catalog {
  readonly tweets: CfnTable;

  constructor(scope: Construct, id: string, { bucket, archiveBucketName, config }: LakeCatalogProps) {
    super(scope, id, 'Tweets and delete notices in S3, and what was removed and quarantined.');
    const lake = `s3://${bucket.bucketName}/${lakePrefixes.tweets}`;
    this.tweets = this.table('tweets', {
      description: 'A row for each tweet and each delete notice, at least once. Views: tweets_distinct, tweets_live.',
      columns: tweetColumns,
      location: lake,
      format: config.lakeFormat === 'parquet' ? parquet : jsonLines,
      projectedDays: config.lakeRetentionDays,
    });
    this.table('deleted', {
      description: 'What was removed from the table tweets of DynamoDB, at least once.',
      columns: deletedColumns,
      location: `s3://${archiveBucketName}/${bucketPrefixes.deleted}tweets/`,
      format: jsonLines,
      projectedDays: config.archiveRetentionDays,
    });
    this.table('quarantine', {
      description: 'Records that the workflow cannot use, each with its reason.',
      columns: quarantineColumns,
      location: `s3://${archiveBucketName}/${bucketPrefixes.quarantine}`,
      format: jsonLines,
    });
    this.table('forgotten', {
      description: 'Forgotten tweets that were counted, by hashtag. Rows with an id: tweets that are being forgotten.',
      columns: forgottenColumns,
      location: `s3://${bucket.bucketName}/${lakePrefixes.forgotten}`,
      format: jsonLines,
    });
    this.view('tweets_distinct', {
      description: 'One row for each tweet: its first.',
      columns: tweetColumns,
      sql: sqlOf('tweets_distinct'),
    });
    this.view('tweets_live', {
      description: 'One row for each tweet that was not deleted.',
      columns: tweetColumns,
      sql: sqlOf('tweets_live'),
    });
    if (config.sentiment === 'comprehend') {
      this.table('sentiment', {
        description: 'The sentiment of each tweet, at least once. View: sentiment_distinct.',
        columns: sentimentColumns,
        location: `s3://${bucket.bucketName}/${lakePrefixes.sentiment}`,
        format: jsonLines,
        projectedDays: config.lakeRetentionDays,
      });
      this.view('sentiment_distinct', {
        description: 'The sentiment of each tweet, once: the latest.',
        columns: sentimentColumns,
        sql: sqlOf('sentiment_distinct'),
      });
    }
  }
}

/** The SELECT of a view. */
function sqlOf(view: string): string {
  return readFileSync(new URL(`../../lake/views/${view}.sql`, import.meta.url), 'utf8').trim();
}
