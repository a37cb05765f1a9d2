import { isJsonObject, parseJson } from '../json.ts';
import { type Cut, type CutRow, cutRow, type IsDoomed } from './cut.ts';
import { fileOf, isParquet, linesIn } from './encoding.ts';
import { heldIds } from './held-ids.ts';

const start = Buffer.from('{"id":"');
const quote = 0x22;
const backslash = 0x5c;

/**
 * Cuts the rows of tweets out of a file of the lake: JSON lines, gzipped or not, or Parquet. Delete notices stay: they
 * hold an id and no content. A line that is no JSON leaves if it names a doomed id.
 */
export async function cutRows(body: Buffer, isDoomed: IsDoomed): Promise<Cut | undefined> {
  if (isParquet(body)) {
    const { cutParquetRows } = await import('./cut-parquet-rows.ts');
    return cutParquetRows(body, isDoomed);
  }
  const rows: CutRow[] = [];
  const kept: Buffer[] = [];
  for (const line of linesIn(body)) {
    const row = doomedRow(line, isDoomed);
    if (row === undefined) kept.push(line);
    else rows.push(row);
  }
  return rows.length === 0 ? undefined : { rows, rewritten: () => fileOf(kept, body) };
}

function doomedRow(line: Buffer, isDoomed: IsDoomed): CutRow | undefined {
  const id = firstId(line);
  if (id !== undefined && !isDoomed(id)) return undefined;
  const text = line.toString('utf8');
  const row = parseJson(text);
  if (!isJsonObject(row)) {
    const named = [...heldIds(text)].find(isDoomed);
    return named === undefined ? undefined : cutRow(named);
  }
  return typeof row.id === 'string' && row.kind !== 'delete' && isDoomed(row.id) ? cutRow(row.id, row) : undefined;
}

/** The id that the line begins with, as functions/flatten-tweets writes it; undefined if it has to be parsed. */
function firstId(line: Buffer): string | undefined {
  if (start.compare(line, 0, start.length) !== 0) return undefined;
  const end = line.indexOf(quote, start.length);
  const id = line.subarray(start.length, end);
  return end < 0 || id.includes(backslash) ? undefined : id.toString('utf8');
}
