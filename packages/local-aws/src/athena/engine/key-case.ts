import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { text } from '../sql/types.ts';
import type { TableColumn, TableFile } from './messages.ts';

/** Whether a key in a copy has a capital, by the path of the copy. Copies do not change. */
const hasCapitals = new Map<string, boolean>();

/**
 * Copies whose keys may have capitals, with these keys in lower case where they name a column or a field: DuckDB
 * compares them with their case, the SerDe does not. Other copies stay as they are. `scan` has options of read_json.
 */
export async function withLowerCaseKeys(
  connection: DuckDBConnection,
  files: readonly TableFile[],
  columns: readonly TableColumn[],
  scan: string,
): Promise<TableFile[]> {
  const unknown = files.filter(({ local }) => !hasCapitals.has(local)).map(({ local }) => local);
  if (unknown.length > 0) {
    const capitals = text(String.raw`"[^"\\]*\p{Lu}[^"\\]*"\s*:`);
    const found = await connection.runAndReadAll(
      `SELECT DISTINCT file FROM read_json([${unknown.map(text).join(', ')}], format='newline_delimited', records=false,
         columns={json: 'JSON'}, filename='file', ignore_errors=true, ${scan}) WHERE regexp_matches(json, ${capitals})`,
    );
    const marked = new Set(found.getRows().map(([file]) => String(file)));
    for (const local of unknown) hasCapitals.set(local, marked.has(local));
  }
  const names = new Set(columns.flatMap(({ name, type }) => [name, ...fieldNames(type)]));
  return Promise.all(
    files.map(async (file) => {
      if (hasCapitals.get(file.local) !== true) return file;
      return { ...file, local: await lowerCaseCopy(file, names), compression: 'none' as const };
    }),
  );
}

/** Writes a row of JSON with those of its keys in lower case that are then among the names. Values stay as they are. */
export function lowerCaseKeys(row: string, names: ReadonlySet<string>): string {
  let lower = '';
  let written = 0;
  for (let start = row.indexOf('"'); start >= 0; ) {
    const end = endOfText(row, start);
    const key = row.slice(start + 1, end);
    const small = key.toLowerCase();
    if (small !== key && names.has(small) && /^\s*:/.test(row.slice(end + 1, end + 100))) {
      lower += `${row.slice(written, start)}"${small}"`;
      written = end + 1;
    }
    start = row.indexOf('"', end + 1);
  }
  return lower + row.slice(written);
}

/** The place of the quote that ends a text, or the end of the row. */
function endOfText(row: string, start: number): number {
  for (let end = row.indexOf('"', start + 1); end >= 0; end = row.indexOf('"', end + 1)) {
    let escapes = 0;
    while (row[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return row.length;
}

async function lowerCaseCopy({ local, compression }: TableFile, names: ReadonlySet<string>): Promise<string> {
  const path = `${local}.lower`;
  const temporary = `${path}.${Math.random().toString(36).slice(2)}`;
  const unpacked = unpacker(compression);
  const lines = createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
  const rows = async function* () {
    for await (const line of lines) yield `${lowerCaseKeys(line, names)}\n`;
  };
  await Promise.all([
    pipeline(createReadStream(local), unpacked),
    pipeline(rows, createWriteStream(temporary, { mode: 0o600 })),
  ]);
  await rename(temporary, path);
  return path;
}

function unpacker(compression: TableFile['compression']): Transform {
  switch (compression) {
    case 'gzip':
      return createGunzip();
    case 'zstd':
      return createZstdDecompress();
    case 'none':
      return new PassThrough();
  }
}

/** The fields of the rows in a type, in lower case as the catalog has them. */
function fieldNames(type: string): string[] {
  return [...type.toLowerCase().matchAll(/([^<>,:\s]+)\s*:/g)].map(([, name = '']) => name);
}
