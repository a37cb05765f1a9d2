import type { AsyncBuffer, SchemaElement, SchemaTree } from 'hyparquet';
import { type Columns, type ColumnType, scalar } from './column-type.ts';

const PHYSICAL: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  INT32: 'int',
  INT64: 'bigint',
  INT96: 'timestamp',
  FLOAT: 'float',
  DOUBLE: 'double',
};
const CONVERTED: Readonly<Record<string, string>> = {
  UTF8: 'string',
  ENUM: 'string',
  JSON: 'string',
  DATE: 'date',
  TIMESTAMP_MILLIS: 'timestamp',
  TIMESTAMP_MICROS: 'timestamp',
  INT_8: 'tinyint',
  INT_16: 'smallint',
};

/** The columns of a Parquet file by its footer, which is all that is read, and its rows. Throws for a broken file. */
export async function parquetColumns(file: AsyncBuffer): Promise<{ columns: Columns; rows: number }> {
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  const metadata = await parquetMetadataAsync(file);
  const columns = parquetSchema(metadata).children.map((child): [string, ColumnType] => [
    child.element.name.toLowerCase(),
    typeOf(child),
  ]);
  return { columns: new Map(columns), rows: Number(metadata.num_rows) };
}

function typeOf({ element, children }: SchemaTree): ColumnType {
  const kind = element.logical_type?.type ?? element.converted_type;
  const [only] = children;
  if (kind === 'LIST' && only !== undefined) return { kind: 'array', element: typeOf(only.children[0] ?? only) };
  if (kind === 'MAP' || kind === 'MAP_KEY_VALUE') {
    const [key, value] = only?.children ?? [];
    if (key !== undefined && value !== undefined) return { kind: 'map', key: typeOf(key), value: typeOf(value) };
  }
  if (children.length === 0) return scalar(scalarName(element));
  return { kind: 'struct', fields: new Map(children.map((child) => [child.element.name, typeOf(child)])) };
}

function scalarName(element: SchemaElement): string {
  const { type = '', converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return `decimal(${element.precision},${element.scale})`;
  if (logical?.type === 'TIMESTAMP') return 'timestamp';
  if (logical?.type === 'STRING') return 'string';
  return CONVERTED[converted ?? ''] ?? PHYSICAL[type] ?? 'binary';
}
