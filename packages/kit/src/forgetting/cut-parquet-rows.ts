import { parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

import { type Cut, type CutRow, cutRow, type IsDoomed } from './cut.ts';

/** As {@link ./cut-rows.ts}, of a Parquet file. Its schema stays, but for times, which become milliseconds. */
export async function cutParquetRows(body: Buffer, isDoomed: IsDoomed): Promise<Cut | undefined> {
  const file = arrayBuffer(body);
  const { schema } = parquetMetadata(file);
  const columns = topLevel(schema);
  const keys = ['id', 'kind'].filter((name) => columns.some((column) => column.name === name));
  const ids = await parquetReadObjects({ file, columns: keys });
  if (!ids.some((row) => isDoomedRow(row, isDoomed))) return undefined;

  const all = await parquetReadObjects({ file });
  const rows: CutRow[] = [];
  const kept = all.filter((row) => {
    if (!isDoomedRow(row, isDoomed)) return true;
    rows.push(cutRow(String(row.id), { position: row.position, hashtags: row.hashtags }));
    return false;
  });
  const rewritten = () => {
    const columnData = columns.map(({ name }) => ({ name, data: kept.map((row) => row[name] ?? null) }));
    return Buffer.from(parquetWriteBuffer({ columnData, schema: schema.map(inMilliseconds) }));
  };
  return { rows, rewritten };
}

function isDoomedRow({ id, kind }: Record<string, unknown>, isDoomed: IsDoomed): boolean {
  return typeof id === 'string' && kind !== 'delete' && isDoomed(id);
}

function arrayBuffer(body: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(body.length);
  new Uint8Array(copy).set(body);
  return copy;
}

/** The columns of a schema, which is a tree in depth-first order. */
function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const columns: SchemaElement[] = [];
  for (let at = 1; at < schema.length; at = after(schema, at)) {
    const column = schema[at];
    if (column !== undefined) columns.push(column);
  }
  return columns;
}

function after(schema: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = after(schema, next);
  return next;
}

/** Firehose writes times as INT96, which is deprecated, and DuckDB in microseconds. Readers take milliseconds too. */
function inMilliseconds(element: SchemaElement): SchemaElement {
  const isTime =
    element.type === 'INT96' ||
    element.converted_type === 'TIMESTAMP_MICROS' ||
    element.logical_type?.type === 'TIMESTAMP';
  if (!isTime) return element;
  const { name, repetition_type } = element;
  return {
    name,
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    ...(repetition_type === undefined ? {} : { repetition_type }),
  };
}
