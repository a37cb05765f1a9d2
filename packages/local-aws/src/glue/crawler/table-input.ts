import type { PartitionInput, StorageDescriptor, TableInput } from '../shapes.ts';
import { hiveText } from './column-type.ts';
import type { FileSchema } from './file-schema.ts';
import type { FoundPartition, FoundTable } from './find-tables.ts';

/** Who made a table. */
export const CRAWLER_PARAMETER = 'UPDATED_BY_CRAWLER';

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';

/** A table as a crawler describes it. `location` is that of the target, with `/` at its end. */
export function tableInputOf(table: FoundTable, of: { name: string; location: string; crawler: string }): TableInput {
  const { schema, files, root } = table;
  const facts = factsOf(schema, files);
  return {
    Name: of.name,
    Owner: 'owner',
    TableType: 'EXTERNAL_TABLE',
    Retention: 0,
    StorageDescriptor: storageOf(schema, of.location + root, facts),
    PartitionKeys: table.partitionKeys.map((Name) => ({ Name, Type: 'string' })),
    Parameters: {
      ...facts,
      [CRAWLER_PARAMETER]: of.crawler,
      CrawlerSchemaSerializerVersion: '1.0',
      CrawlerSchemaDeserializerVersion: '1.0',
    },
  };
}

/** A partition as a crawler describes it. */
export function partitionInputOf({ values, folder, schema }: FoundPartition, location: string): PartitionInput {
  const facts = factsOf(schema, []);
  return { Values: [...values], StorageDescriptor: storageOf(schema, location + folder, facts) };
}

function storageOf(schema: FileSchema, Location: string, facts: Record<string, string>): StorageDescriptor {
  return {
    Columns: [...schema.columns].map(([Name, type]) => ({ Name, Type: hiveText(type) })),
    Location,
    ...formatOf(schema),
    Compressed: schema.compression !== 'none',
    NumberOfBuckets: -1,
    Parameters: facts,
    StoredAsSubDirectories: false,
  };
}

function formatOf(schema: FileSchema): Required<Pick<StorageDescriptor, 'InputFormat' | 'OutputFormat' | 'SerdeInfo'>> {
  switch (schema.classification) {
    case 'json':
      return {
        InputFormat: TEXT_INPUT,
        OutputFormat: TEXT_OUTPUT,
        SerdeInfo: {
          SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
          Parameters: { paths: [...schema.columns.keys()].sort().join(',') },
        },
      };
    case 'csv':
      return {
        InputFormat: TEXT_INPUT,
        OutputFormat: TEXT_OUTPUT,
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
          Parameters: { 'field.delim': schema.csv?.delimiter ?? ',' },
        },
      };
    case 'parquet':
      return {
        InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          Parameters: { 'serialization.format': '1' },
        },
      };
  }
}

function factsOf(schema: FileSchema, files: FoundTable['files']): Record<string, string> {
  const { csv, classification, compression } = schema;
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const rowBytes = Math.max(1, Math.round(schema.sampledBytes / Math.max(1, schema.sampledRows)));
  return {
    classification,
    compressionType: compression,
    typeOfData: 'file',
    ...(csv && {
      delimiter: csv.delimiter,
      columnsOrdered: 'true',
      areColumnsQuoted: String(csv.isQuoted),
      ...(csv.hasHeader && { 'skip.header.line.count': '1' }),
    }),
    ...(files.length > 0 && {
      objectCount: String(files.length),
      sizeKey: String(sizeBytes),
      // Of what was read: the whole of small files, the beginning of large ones.
      recordCount: String(schema.sampledRows),
      averageRecordSize: String(rowBytes),
    }),
  };
}
