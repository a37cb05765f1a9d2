import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';

import { datehour, type LakeColumn, trinoType } from './lake-columns.ts';

/** How the objects of a table hold its rows. */
export interface TableFormat {
  inputFormat: string;
  outputFormat: string;
  serializationLibrary: string;
  classification: 'json' | 'parquet';
}

/** JSON lines, gzipped or not. */
export const jsonLines: TableFormat = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
  classification: 'json',
};

/** Parquet. */
export const parquet: TableFormat = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  classification: 'parquet',
};

/** A table of a catalog. */
export interface CatalogTable {
  description: string;
  columns: readonly LakeColumn[];
  /** `s3://bucket/prefix/` */
  location: string;
  format: TableFormat;
  /** For how many days back there are partitions; undefined for a table without. */
  projectedDays?: number;
}

/** A view of a catalog. Its last column is `datehour`. */
export interface CatalogView {
  description: string;
  /** Those before `datehour`. */
  columns: readonly LakeColumn[];
  /** One SELECT. */
  sql: string;
}

/**
 * A Glue database named like its stack. No crawler is needed, because partitions are computed from the hour (AWS: "Use
 * partition projection with Amazon Athena").
 */
export class Catalog extends Construct {
  readonly database: CfnDatabase;
  /** Physical. Lower case, since Glue folds names. */
  readonly databaseName: string;

  constructor(scope: Construct, id: string, description: string) {
    super(scope, id);
    this.databaseName = Stack.of(this).stackName.toLowerCase().replaceAll('-', '_');
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.databaseName, description },
    });
  }

  /** Adds a table. */
  protected table(name: string, { description, columns, location, format, projectedDays }: CatalogTable): CfnTable {
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

  /** Adds a view, in the form in which Athena keeps it (AWS: "Work with views", and what CREATE VIEW leaves). */
  protected view(name: string, { description, columns: columnsOfTable, sql }: CatalogView): void {
    const columns = [...columnsOfTable, datehour];
    const definition = {
      originalSql: sql,
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
