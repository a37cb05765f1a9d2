import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * Reads some rows of a Parquet file as JSON: times as ISO 8601, integers beyond 2^53 as text. `total` is the number of
 * rows of the file. Throws Error for a file that is none.
 */
export async function readParquetRows(
  body: Uint8Array,
  { from, limit }: { from: number; limit: number },
): Promise<{ rows: Json[]; total: number }> {
  const file = arrayBufferOf(body);
  const metadata = parquetMetadata(file);
  const total = Number(metadata.num_rows);
  if (from >= total) return { rows: [], total };
  const found = await parquetReadObjects({ file, metadata, rowStart: from, rowEnd: Math.min(total, from + limit) });
  return { rows: found.map((row) => jsonOf(row)), total };
}

/**
 * The rows of a Parquet file in which a text column has this value, with these columns, as JSON like that of
 * {@link readParquetRows}. A file without such a row costs no more than that column. Throws Error for a file that is
 * none.
 */
export async function findParquetRows(
  body: Uint8Array,
  { column, value, columns }: { column: string; value: string; columns: readonly string[] },
): Promise<JsonObject[]> {
  const file = arrayBufferOf(body);
  const metadata = parquetMetadata(file);
  const values = await parquetReadObjects({ file, metadata, columns: [column] });
  if (!values.some((row) => row[column] === value)) return [];
  const filter = { [column]: { $eq: value } };
  const found = await parquetReadObjects({ file, metadata, columns: [...columns], filter });
  return found.map(jsonOf).filter(isJsonObject);
}

function arrayBufferOf(body: Uint8Array): ArrayBuffer {
  const file = new ArrayBuffer(body.length);
  new Uint8Array(file).set(body);
  return file;
}

function jsonOf(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, jsonOf(each)]));
  return String(value);
}
