import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { type Cut, type CutRow, cutRow, type IsDoomed } from './cut.ts';
import { fileOf, linesIn } from './encoding.ts';
import { heldIds } from './held-ids.ts';

/** The columns of an archive row that are no content (docs/records.md, "Archive rows"). */
const columnsWithoutContent = [
  'event_id',
  'table',
  'record',
  'removed_at',
  'cause',
  'id',
  'expires_at',
  'error',
  'error_message',
] as const;

/**
 * Strips archive rows to what `archiveContent=keys` keeps. The rows stay, because `reconcile` and readers know removals
 * by them.
 */
export async function stripArchiveRows(body: Buffer, isDoomed: IsDoomed): Promise<Cut | undefined> {
  const rows: CutRow[] = [];
  const lines: Uint8Array[] = [];
  for (const line of linesIn(body)) {
    const text = line.toString('utf8');
    const row = parseJson(text);
    const named = [...heldIds(text)].find(isDoomed);
    if (!isJsonObject(row) || named === undefined || !holdsContent(row)) {
      lines.push(line);
      continue;
    }
    rows.push(cutRow(named));
    lines.push(Buffer.from(`${JSON.stringify(withoutContent(row))}\n`));
  }
  return rows.length === 0 ? undefined : { rows, rewritten: () => fileOf(lines, body) };
}

function holdsContent(row: JsonObject): boolean {
  const kept: readonly string[] = columnsWithoutContent;
  return Object.keys(row).some((column) => !kept.includes(column));
}

function withoutContent(row: JsonObject): JsonObject {
  return Object.fromEntries(
    columnsWithoutContent.filter((column) => Object.hasOwn(row, column)).map((column) => [column, row[column]]),
  );
}
