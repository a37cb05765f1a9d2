import { readFileSync } from 'node:fs';

import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import type { Config, ConfiguredProps } from '../../config.ts';
import { bucketPrefixes } from '../archive-bucket.ts';
import { lakePrefixes } from './lake-bucket.ts';
import {
  datehour,
  deletedColumns,
  forgottenColumns,
  type LakeColumn,
  quarantineColumns,
  sentimentColumns,
  trinoType,
  tweetColumns,
} from './lake-columns.ts';

/** Where the tables are. */
export interface LakeCatalogProps extends ConfiguredProps {
  /** The lake's bucket. */
  bucket: IBucket;
  /** Name of the bucket of archive and quarantine. */
  archiveBucketName: string;
}

interface TableFormat {
  inputFormat: string;
  outputFormat: string;
  serializationLibrary: string;
  classification: 'json' | 'parquet';
}

const jsonLines: TableFormat = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
  classification: 'json',
};

const parquet: TableFormat = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  classification: 'parquet',
};

/**
 * The Glue database: tables over the lake, the archive and the quarantine, and views. No crawler is needed, because
 * partitions are computed from the hour (AWS: "Use partition projection with Amazon Athena").
 */
export class LakeCatalog extends Construct {
  readonly database: CfnDatabase;
  /** Physical. Lower case, since Glue folds names. */
  readonly databaseName: string;
  readonly tweets: CfnTable;

  constructor(scope: Construct, id: string, { bucket, archiveBucketName, config }: LakeCatalogProps) {
    super(scope, id);
    this.databaseName = Stack.of(this).stackName.toLowerCase().replaceAll('-', '_');
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: this.databaseName,
        description: 'Tweets and delete notices in S3, and what was removed and quarantined.',
      },
    });
    const lake = `s3://${bucket.bucketName}/${lakePrefixes.tweets}`;
    this.tweets = this.#table('tweets', {
      description: 'A row for each tweet and each delete notice, at least once. Views: tweets_distinct, tweets_live.',
      columns: tweetColumns,
      location: lake,
      format: config.lakeFormat === 'parquet' ? parquet : jsonLines,
      projectedDays: config.lakeRetentionDays,
    });
    this.#table('deleted', {
      description: 'What was removed from the table tweets of DynamoDB, at least once.',
      columns: deletedColumns,
      location: `s3://${archiveBucketName}/${bucketPrefixes.deleted}tweets/`,
      format: jsonLines,
      projectedDays: config.archiveRetentionDays,
    });
    this.#table('quarantine', {
      description: 'Records that the workflow cannot use, each with its reason.',
      columns: quarantineColumns,
      location: `s3://${archiveBucketName}/${bucketPrefixes.quarantine}`,
      format: jsonLines,
    });
    this.#table('forgotten', {
      description: 'Forgotten tweets that were counted, by hashtag. Rows with an id: tweets that are being forgotten.',
      columns: forgottenColumns,
      location: `s3://${bucket.bucketName}/${lakePrefixes.forgotten}`,
      format: jsonLines,
    });
    this.#view('tweets_distinct', 'One row for each tweet: its first.', tweetColumns);
    this.#view('tweets_live', 'One row for each tweet that was not deleted.', tweetColumns);
    if (config.sentiment === 'comprehend') {
      this.#table('sentiment', {
        description: 'The sentiment of each tweet, at least once. View: sentiment_distinct.',
        columns: sentimentColumns,
        location: `s3://${bucket.bucketName}/${lakePrefixes.sentiment}`,
        format: jsonLines,
        projectedDays: config.lakeRetentionDays,
      });
      this.#view('sentiment_distinct', 'The sentiment of each tweet, once: the latest.', sentimentColumns);
    }
  }

  #table(name: string, { description, columns, location, format, projectedDays }: Table): CfnTable {
    return new CfnTable(this, idOf(name), {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: {
        name,
        description,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: projectedDays === undefined ? [] : [glueColumn(datehour)],
        parameters: {
          EXTERNAL: 'TRUE',
          classification: format.classification,
          ...(projectedDays === undefined ? {} : projection(location, projectedDays)),
        },
        storageDescriptor: {
          location,
          columns: columns.map(glueColumn),
          inputFormat: format.inputFormat,
          outputFormat: format.outputFormat,
          serdeInfo: { serializationLibrary: format.serializationLibrary },
        },
      },
    });
  }

  /** Athena keeps a view in the catalog in this form (AWS: "Work with views", and what CREATE VIEW leaves). */
  #view(name: string, description: string, columnsOfTable: readonly LakeColumn[]): void {
    const columns = [...columnsOfTable, datehour];
    const definition = {
      originalSql: readFileSync(new URL(`../../lake/views/${name}.sql`, import.meta.url), 'utf8').trim(),
      catalog: 'awsdatacatalog',
      schema: this.databaseName,
      columns: columns.map((column) => ({ name: column.name, type: trinoType(column) })),
    };
    new CfnTable(this, idOf(name), {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: {
        name,
        description,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        partitionKeys: [],
        storageDescriptor: { columns: columns.map(glueColumn), location: '' },
        viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
        viewExpandedText: '/* Presto View */',
      },
    });
  }
}

interface Table {
  description: string;
  columns: readonly LakeColumn[];
  location: string;
  format: TableFormat;
  /** For how many days back there are partitions; undefined for a table without. */
  projectedDays?: Config['lakeRetentionDays'];
}

/** `tweets_live` → `TweetsLive`. */
function idOf(name: string): string {
  return name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function glueColumn({ name, hive }: LakeColumn): CfnTable.ColumnProperty {
  return { name, type: hive };
}

/**
 * Partitions of the hours in which objects can exist. Athena lists the prefix of each hour that a query asks for, so
 * the range ends where the lifecycle deletes (AWS: "Supported types for partition projection").
 */
function projection(location: string, days: number): Record<string, string> {
  return {
    'projection.enabled': 'true',
    'projection.datehour.type': 'date',
    'projection.datehour.format': 'yyyy/MM/dd/HH',
    'projection.datehour.range': `NOW-${days}DAYS,NOW`,
    'projection.datehour.interval': '1',
    'projection.datehour.interval.unit': 'HOURS',
    'storage.location.template': `${location}\${datehour}/`,
  };
}
