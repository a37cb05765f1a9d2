import type { DuckDBConnection } from '@duckdb/node-api';
import { text } from '../sql/types.ts';
import type { TableColumn, TableFile } from './messages.ts';
import { rewrittenCopy } from './rewritten-copy.ts';

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
      return rewrittenCopy(file, 'lower', (row) => lowerCaseKeys(row, names));
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

/** The fields of the rows in a type, in lower case as the catalog has them. */
function fieldNames(type: string): string[] {
  return [...type.toLowerCase().matchAll(/([^<>,:\s]+)\s*:/g)].map(([, name = '']) => name);
}
