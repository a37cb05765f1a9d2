import { GetPartitionsCommand, GetTableCommand, type GlueClient, type Table } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { Relation, TableColumn, TableFile, TableWanted } from '../engine/messages.ts';
import { QueryError } from '../sql/query-error.ts';
import { copyObjects, copyPath, listObjects, type StoredObject } from './object-cache.ts';
import { parseProjection } from './projection.ts';
import { mayFit } from './prune.ts';
import { tableFormat } from './table-format.ts';
import { parseViewText } from './view-text.ts';

/** What the resolution of tables needs. */
export interface ResolveContext {
  glue: GlueClient;
  s3: S3Client;
  /** Where copies of objects are kept. */
  objectFolder: string;
  nowMs: number;
  signal: AbortSignal;
  /** Told of the bytes of a table's objects before they are copied. May throw to end the query. */
  onScan(bytes: number): void;
}

interface PartitionedObject extends StoredObject {
  partition: (string | null)[];
}

/** What a table or view of the catalog stands for, with copies of its objects. Throws `QueryError`. */
export async function resolveTable(wanted: TableWanted, context: ResolveContext): Promise<Relation> {
  const table = await getTable(wanted, context.glue);
  const columns = columnsOf(table.StorageDescriptor?.Columns);
  if (table.TableType === 'VIRTUAL_VIEW') {
    const view = parseViewText(table.ViewOriginalText, `${wanted.database}.${wanted.name}`);
    return { kind: 'view', ...view, columns: columns.length > 0 ? columns : view.columns };
  }
  const keys = columnsOf(table.PartitionKeys);
  const format = tableFormat(table.StorageDescriptor, table.Parameters ?? {});
  const objects = await objectsOf(table, keys, wanted, context);
  const needed = objects.filter(({ partition }) => mayFit(keys, partition, wanted.conditions));
  context.onScan(wanted.times * scannedBytes(keys, needed, wanted.conditions));
  const copied = await copyObjects(context.s3, context.objectFolder, needed, context.signal);
  const files = copied.map(
    (object): TableFile => ({
      local: copyPath(context.objectFolder, object),
      path: `s3://${object.bucket}/${object.key}`,
      compression: format.kind === 'parquet' ? 'none' : compressionOf(object.key),
      partition: object.partition,
    }),
  );
  return { kind: 'files', columns, partitionKeys: keys, format, files };
}

/** Each place where the table stands is a scan of its own. */
function scannedBytes(
  keys: readonly TableColumn[],
  objects: readonly PartitionedObject[],
  places: TableWanted['conditions'],
): number {
  return places
    .flatMap((place) => objects.filter(({ partition }) => mayFit(keys, partition, [place])))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function getTable({ database, name }: TableWanted, glue: GlueClient): Promise<Table> {
  try {
    const { Table: table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: name }));
    if (table !== undefined) return table;
  } catch (error) {
    if (!isNamed(error, 'EntityNotFoundException')) throw error;
    if (error.message.startsWith('Database')) {
      throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${database}' does not exist`, undefined, { cause: error });
    }
  }
  throw new QueryError('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${database}.${name}' does not exist`);
}

async function objectsOf(
  table: Table,
  keys: readonly TableColumn[],
  wanted: TableWanted,
  { glue, s3, nowMs }: ResolveContext,
): Promise<PartitionedObject[]> {
  const location = table.StorageDescriptor?.Location ?? '';
  const name = `${wanted.database}.${wanted.name}`;
  const projection = parseProjection(
    { name, location, keys, parameters: table.Parameters ?? {} },
    wanted.conditions,
    nowMs,
  );
  if (projection !== undefined) {
    const objects = await listObjects(s3, projection.bucket, projection.prefix);
    return objects.flatMap((object) => {
      const partition = projection.partitionOf(object.key);
      return partition === undefined ? [] : { ...object, partition };
    });
  }
  if (keys.length === 0)
    return (await listLocation(s3, location, name)).map((object) => ({ ...object, partition: [] }));
  const found: PartitionedObject[] = [];
  let NextToken: string | undefined;
  do {
    const command = new GetPartitionsCommand({
      DatabaseName: wanted.database,
      TableName: wanted.name,
      ExcludeColumnSchema: true,
      NextToken,
    });
    const { Partitions = [], NextToken: next } = await glue.send(command);
    for (const { Values: partition = [], StorageDescriptor } of Partitions) {
      if (!mayFit(keys, partition, wanted.conditions)) continue;
      const objects = await listLocation(s3, StorageDescriptor?.Location ?? '', name);
      found.push(...objects.map((object) => ({ ...object, partition })));
    }
    NextToken = next;
  } while (NextToken !== undefined);
  return found;
}

async function listLocation(s3: S3Client, location: string, table: string): Promise<StoredObject[]> {
  const parsed = /^s3[an]?:\/\/([^/]+)\/?(.*)$/.exec(location);
  if (parsed === null) {
    throw new QueryError('HIVE_METASTORE_ERROR', `Table ${table} has no location in S3 (${location || 'none'})`);
  }
  const [, bucket = '', path = ''] = parsed;
  return listObjects(s3, bucket, path === '' || path.endsWith('/') ? path : `${path}/`);
}

function compressionOf(key: string): TableFile['compression'] {
  if (/\.gz$/i.test(key)) return 'gzip';
  if (/\.zst$/i.test(key)) return 'zstd';
  if (/\.(bz2|lz4|snappy|deflate|lzo)$/i.test(key)) {
    throw new QueryError('NOT_SUPPORTED', `the compression of ${key} is not supported by the local Athena`);
  }
  return 'none';
}

function columnsOf(columns: Table['PartitionKeys']): TableColumn[] {
  return (columns ?? []).map(({ Name = '', Type = 'string' }) => ({ name: Name.toLowerCase(), type: Type }));
}
